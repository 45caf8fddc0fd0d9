"""The file of a town’s tariffs: read to the last value, and written."""
