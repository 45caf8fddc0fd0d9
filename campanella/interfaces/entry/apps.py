"""Registers the interface, for its templates."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "campanella.interfaces.entry"
    label = "entry"
