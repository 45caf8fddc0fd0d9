"""
Arrears: the ladder of a town's reminders, each reminder as it was issued with its proof, stops, and plans by instalments.

What is owed is no row here: it follows from invoices and wallets (``readings/arrears``), so that a payment from wherever it
comes counts at once. No debt is ever shown at school.
"""
