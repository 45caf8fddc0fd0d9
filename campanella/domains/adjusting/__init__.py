"""
What the office puts right by hand, and what is given back: proposed by one, where it must be decided by another, done once.

Owns proposals, their steps, the files of refunds and what the bank answered. Never touches a wallet: posting is a use case.
"""
