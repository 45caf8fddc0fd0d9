"""Papers about an access."""
