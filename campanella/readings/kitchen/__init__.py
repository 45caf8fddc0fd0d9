"""What the kitchen sees."""
