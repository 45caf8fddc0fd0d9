"""Histories of school days, played through the doors by which they come in, and reckoned by hand."""
