"""INPS: the look-up of an ISEE."""
