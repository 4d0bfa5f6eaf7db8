"""What changes the practical exam's data: each loads, checks, saves and enters the journal in one transaction."""
