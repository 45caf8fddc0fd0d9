"""Registers direct debit."""

from django.apps import AppConfig


class DebitingConfig(AppConfig):
    name = "campanella.domains.debiting"
    label = "debiting"
