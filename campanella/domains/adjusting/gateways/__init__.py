"""The bank, as far as refunds go."""
