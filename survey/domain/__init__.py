"""The rules. Standard library only; no clock, no randomness, no I/O of its own: they come in as arguments."""
