"""One module per device model: bytes in, readings out."""
