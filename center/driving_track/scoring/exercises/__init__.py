"""One module per exercise: what can be observed in it and which of its stops, lines and stretches count."""
