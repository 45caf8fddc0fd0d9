"""Registers places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "campanella.domains.places"
    label = "places"
