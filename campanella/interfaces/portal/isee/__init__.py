"""A family's ISEE and what it pays by it."""
