"""Applications: written, sent under a number, decided by the office, told to the family at each step."""
