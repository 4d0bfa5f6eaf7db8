"""What changes cases: each checks, records, projects and enters the journal in one transaction."""
