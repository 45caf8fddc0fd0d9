"""The look-up of an ISEE at INPS."""
