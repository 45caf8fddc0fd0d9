"""Payment requests, receipts and settlement flows, and the gateways to those who move the money."""
