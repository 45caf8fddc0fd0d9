"""The documents of a payment: the notice to pay and the receipt."""
