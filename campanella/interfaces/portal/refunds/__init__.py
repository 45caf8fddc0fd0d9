"""A family asks for the credit that is left."""
