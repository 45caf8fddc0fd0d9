"""
SEPA direct debit: mandates, collections, the files to the bank and what comes back in its files.

Owns mandates, collections, files and returns. A collection is money that may still come back: it is asked for, then taken
for good until the bank says otherwise. Never touches a wallet: booking is a use case.
"""
