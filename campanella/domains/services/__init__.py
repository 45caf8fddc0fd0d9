"""
Services, their calendars, tariffs, brackets and reductions.

Owns what a service is and what it costs. Never knows who is enrolled nor what was paid.
"""
