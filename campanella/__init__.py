"""Campanella: the open school-services platform for Italian municipalities."""

VERSION = "0.1.0"
