"""How fast and how small the system is, each figure as a ratio to a limit measured in the same run."""
