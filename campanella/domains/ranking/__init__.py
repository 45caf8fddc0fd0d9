"""
Rankings: who gets a place where more apply than there are places, by rules that are data.

Owns the rules of each call, what the office has corrected for them, lists as they were drawn up, and the places offered by
them. Never enrols a child: that is a use case.
"""
