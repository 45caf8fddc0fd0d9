"""Arrears: what households owe and why some are left out, plans as they stand, papers, the list for the collector."""
