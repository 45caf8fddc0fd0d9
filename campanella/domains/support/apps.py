"""Registers support."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "campanella.domains.support"
    label = "support"
