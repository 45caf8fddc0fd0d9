"""Registers messaging."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "campanella.domains.messaging"
    label = "messaging"
