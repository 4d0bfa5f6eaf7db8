"""How each observation of docs/observations.md is taken within one exercise; what exercises share stands here."""
