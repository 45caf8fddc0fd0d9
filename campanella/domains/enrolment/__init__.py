"""
Who uses which service at which price, and what special food a child needs.

Owns subscriptions and diets (health data: own table, own door). Never knows presences nor money paid.
"""
