"""What matters and happened: entries nobody can change unseen, and the vault of the personal values they commit to."""
