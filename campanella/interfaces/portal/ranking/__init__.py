"""The family's own place in a list, and the place that is offered to it."""
