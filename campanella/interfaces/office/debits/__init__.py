"""Direct debit at the desk: files for the bank, what it answers, mandates on paper."""
