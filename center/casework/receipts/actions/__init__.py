"""What is done about receipts: a code issued, a case found by it."""
