"""
Payment requests, receipts and settlement flows, and the gateways to those who move the money.

Owns positions and receipts. The receipt is the only proof of payment. Never touches a wallet: booking is a use case.
"""
