"""Campanella: the open school-services platform for Italian municipalities."""
