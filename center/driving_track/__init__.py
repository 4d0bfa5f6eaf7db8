"""The practical exam on the track."""
