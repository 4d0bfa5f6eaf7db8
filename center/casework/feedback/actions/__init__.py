"""What is done about complaints and the survey."""
