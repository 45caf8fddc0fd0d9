"""Registers the interface, for its templates."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "campanella.interfaces.office"
    label = "office"
