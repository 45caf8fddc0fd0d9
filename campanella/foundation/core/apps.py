"""Registers the core."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "campanella.foundation.core"
    label = "core"
