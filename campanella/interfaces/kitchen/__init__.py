"""Live counts for those who cook."""
