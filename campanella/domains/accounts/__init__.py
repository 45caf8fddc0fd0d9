"""
Users, sign-in, roles, sessions.

Owns who may enter and in which role. Never knows children, schools or money: what a user may see is decided where it lives.
"""
