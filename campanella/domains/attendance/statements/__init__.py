"""Statements written by hand: for what comes by the thousand."""
