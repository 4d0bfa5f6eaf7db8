"""The oracle: judges what really happened, from the noise-free truth, apart from the scoring core and on other libraries."""
