"""What decides of a ranking, gathered; and what office and families read of it."""
