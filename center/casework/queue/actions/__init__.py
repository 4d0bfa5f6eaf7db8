"""What is done in the hall: tickets taken and called, windows opened, staff moved, inspectors drawn."""
