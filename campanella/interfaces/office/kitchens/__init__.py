"""Kitchens, shifts and menus, as the office sets them."""
