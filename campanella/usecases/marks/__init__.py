"""What the tablets of the schools hand in."""
