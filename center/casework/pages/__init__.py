"""What people see of casework."""
