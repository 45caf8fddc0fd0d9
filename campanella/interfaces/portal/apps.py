"""Registers the interface, for its templates."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "campanella.interfaces.portal"
    label = "portal"
