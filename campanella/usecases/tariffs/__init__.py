"""Tariffs of a town as one file: read, told before it is kept, written, and asked for a price."""
