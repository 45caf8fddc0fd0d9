"""The tablets of the schools."""
