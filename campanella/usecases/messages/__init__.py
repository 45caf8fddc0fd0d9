"""The words of every message: what it is called, when it goes, what it says."""
