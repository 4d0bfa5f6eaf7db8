"""What citizens say afterwards: complaints, which are answered in time, and the survey."""
