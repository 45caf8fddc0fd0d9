"""Registers applications."""

from django.apps import AppConfig


class ApplyingConfig(AppConfig):
    name = "campanella.domains.applying"
    label = "applying"
