"""What is done about payments: asking, settling, giving back, catching up, comparing."""
