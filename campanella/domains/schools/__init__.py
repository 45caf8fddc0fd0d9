"""
Schools, classes, school years, closures, and which staff works where.

Owns the places and the calendar of the lessons. Never knows services or money.
"""
