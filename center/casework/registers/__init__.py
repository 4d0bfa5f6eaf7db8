"""State registers: who may ask what, asking without guessing, and what becomes of the answers."""
