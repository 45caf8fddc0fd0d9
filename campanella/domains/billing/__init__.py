"""
The post-paid month: who pays when, and invoices over charges that are in the book already.

No money moves here (``docs/decisions/0045-policies-not-books.md``): a run looks at what was charged, an invoice tells it and
asks for it, and whether it is paid follows from the ledger.
"""
