"""A driver that plans paths on a surveyed track, follows them, obeys the signals and makes chosen mistakes."""
