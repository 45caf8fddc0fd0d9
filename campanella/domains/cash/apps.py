"""Registers cash points."""

from django.apps import AppConfig


class CashConfig(AppConfig):
    name = "campanella.domains.cash"
    label = "cash"
