"""Registers the interface, for its templates."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "campanella.interfaces.counter"
    label = "counter"
