"""The staff: who they are, how they prove it, what each role may do, and what only two may do together."""
