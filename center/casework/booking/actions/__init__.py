"""What is done to bookings: made, given back, used on arrival."""
