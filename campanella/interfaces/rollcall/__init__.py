"""The roll-call in class."""
