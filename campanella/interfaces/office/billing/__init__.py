"""Invoices after the month, for the office."""
