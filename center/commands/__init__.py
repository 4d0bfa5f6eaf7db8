"""What the command ``center`` does, one module for each of its words."""
