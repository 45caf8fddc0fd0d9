"""Tax certificates: what was paid for a child in a calendar year, by whom, as issued and as superseded."""
