"""The cash points of the town."""
