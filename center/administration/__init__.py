"""The pages of the staff's accounts: the administrator's, who sees no case, and each person's own."""
