"""How bytes arrive: from a serial port, from a CAN bus, from a file."""
