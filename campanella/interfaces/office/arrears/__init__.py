"""Solleciti: the steps, runs and reminders, stops, plans by instalments, the list for the collector."""
