"""Registers cooking."""

from django.apps import AppConfig


class CookingConfig(AppConfig):
    name = "campanella.domains.cooking"
    label = "cooking"
