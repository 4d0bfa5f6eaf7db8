"""Applying from home: a draft under a code, which becomes a case at the window once identity is proven."""
