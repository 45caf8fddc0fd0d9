"""Registers transport."""

from django.apps import AppConfig


class TransportConfig(AppConfig):
    name = "campanella.domains.transport"
    label = "transport"
