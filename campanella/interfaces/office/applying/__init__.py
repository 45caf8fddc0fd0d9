"""Applications: the work list, deciding of one and of many, the desk, and what the calls ask."""
