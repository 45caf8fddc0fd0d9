"""Receipts: the proof that money moved, from its bytes to the ledger or the office."""
