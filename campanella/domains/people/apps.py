"""Registers people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "campanella.domains.people"
    label = "people"
