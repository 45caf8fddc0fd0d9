"""Registers the interface, for its templates."""

from django.apps import AppConfig


class KitchenConfig(AppConfig):
    name = "campanella.interfaces.kitchen"
    label = "kitchen"
