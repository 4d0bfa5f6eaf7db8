"""The pages of those who come to the centre, and of everybody: no account, no name in an address."""
