"""The twins: what real devices would write, byte by byte; pure, and never borrowing a driver of the gateway."""
