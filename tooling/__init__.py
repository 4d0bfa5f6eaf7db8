"""What prepares a checkout and draws its pictures; no program imports it."""
