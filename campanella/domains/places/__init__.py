"""
Places: what has a number of them, who holds one, who waits for one and in which order; one rule for whatever may be full.

Owns pools, places and their steps. Never subscribes a child to a service, and knows no bus and no stop: that is above it.
"""
