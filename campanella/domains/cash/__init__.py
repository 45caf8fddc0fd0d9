"""
Cash points: the codes of wallets, who takes money where, the day's till, and what is handed over to the town.

Owns codes, points, their operators, sessions, what was taken and voided, closes and settlements. Never touches a wallet:
booking is a use case.
"""
