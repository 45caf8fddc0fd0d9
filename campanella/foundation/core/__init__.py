"""Money, time, transactions, events, jobs, audit, errors: no word of any domain."""
