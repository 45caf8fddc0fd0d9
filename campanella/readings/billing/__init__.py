"""Invoices with their names: papers, lists, pages of the family and of the office."""
