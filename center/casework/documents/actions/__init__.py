"""What is done with scans: received, shown, refused, shredded."""
