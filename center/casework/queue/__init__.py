"""The hall: tickets and windows, who is called next, how long one waits, and which inspector is drawn."""
