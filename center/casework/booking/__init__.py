"""Times that can be booked, and the booking of one seat at one of them."""
