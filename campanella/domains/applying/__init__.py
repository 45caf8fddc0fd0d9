"""
Applications for services: calls that open and close, their forms, what families send and what the office makes of it.

Owns calls, parts of forms, applications with their versions, events and files. Never subscribes a child: that is a use case.
"""
