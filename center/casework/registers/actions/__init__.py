"""What is done about registers: asking, showing what was fetched, alerting the police."""
