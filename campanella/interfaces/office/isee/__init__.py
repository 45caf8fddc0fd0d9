"""The ISEE of families, and the prices that follow from it."""
