"""The server of a centre."""
