"""
What the town tells families, and what families ask the town.

Owns news with their attachments, questions and answers, and tickets. Never sends a message: that is a use case.
"""
