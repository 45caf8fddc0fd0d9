"""Registers schools."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "campanella.domains.schools"
    label = "schools"
