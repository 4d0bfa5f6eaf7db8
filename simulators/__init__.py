"""Stand-ins for hardware and people."""
