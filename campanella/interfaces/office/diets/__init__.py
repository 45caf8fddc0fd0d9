"""Diets: what waits for a second reader, and whose certificate ends."""
