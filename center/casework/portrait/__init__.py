"""The portrait that is taken at the desk: measured, judged by dated limits, and kept as a fresh picture."""
