"""Papers about what families ask."""
