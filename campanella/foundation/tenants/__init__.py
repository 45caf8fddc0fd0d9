"""
Municipalities: who they are, how they look, what they have chosen.

Owns the register of towns, their settings and the database's walls between them. Never knows a domain.
"""
