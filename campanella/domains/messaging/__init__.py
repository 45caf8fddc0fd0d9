"""
Messages to people, and what became of them.

Owns the letters that leave: queued in the transaction of the fact, delivered by a job. Never knows why they are written.
"""
