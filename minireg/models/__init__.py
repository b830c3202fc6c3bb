"""Floor 6: a trained network from the outside: what it consists of, its data, its file."""
