"""What is done about parties: recorded at the window, once identity is proven."""
