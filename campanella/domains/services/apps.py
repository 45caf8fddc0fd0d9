"""Registers services."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "campanella.domains.services"
    label = "services"
