"""Families: web, installable on the phone."""
