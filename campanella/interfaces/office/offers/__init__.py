"""The office prolongs what was offered: one page for every kind of place."""
