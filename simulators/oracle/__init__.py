"""The oracle: judges the noise-free truth of a drive, apart from the scoring core and by other means."""
