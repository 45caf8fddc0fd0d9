"""Registers the use cases, for their templates."""

from django.apps import AppConfig


class UsecasesConfig(AppConfig):
    name = "campanella.usecases"
    label = "usecases"
