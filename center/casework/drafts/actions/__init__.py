"""What is done to drafts: begun, changed, withdrawn, taken up at the window, forgotten."""
