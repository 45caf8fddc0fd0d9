"""
Strangers for demo and tests, each with its real protocol: pagoPA Checkout, Node with a PSP, a mailbox.

They import nothing of the product and know it only by its addresses, like the parties they stand for.
"""
