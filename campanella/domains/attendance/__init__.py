"""
Roll-calls and presences, and what the kitchen counts from them.

Owns who was there on a day. Never knows prices nor money.
"""
