"""Direct debit for families: the authorisation, its account, what was debited."""
