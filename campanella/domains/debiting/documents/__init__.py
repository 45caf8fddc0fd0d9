"""Papers of direct debit."""
