"""
What is cooked: which kitchen cooks for which school, in which shift a class eats, the menu with its allergens.

Never knows who is there, nor prices.
"""
