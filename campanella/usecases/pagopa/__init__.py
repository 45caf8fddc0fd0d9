"""Paying by pagoPA: what its node asks, the visit to Checkout, money that fits no position."""
