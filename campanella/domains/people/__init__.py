"""
Children, their guardians, and who may see whom.

Owns persons and the ties between them. Never knows classes, services or money.
"""
