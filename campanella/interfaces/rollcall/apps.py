"""Registers the interface, for its templates."""

from django.apps import AppConfig


class RollcallConfig(AppConfig):
    name = "campanella.interfaces.rollcall"
    label = "rollcall"
