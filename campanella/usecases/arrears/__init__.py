"""Arrears: the ladder and stops, runs of reminders, plans by instalments, the list for the collector."""
