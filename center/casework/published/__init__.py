"""What the centre tells the public of itself: counts and times by day and service, and nothing of a single person."""
