"""What is done about portraits: taken at the desk."""
