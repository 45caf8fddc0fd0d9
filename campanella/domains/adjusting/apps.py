"""Registers what is put right by hand."""

from django.apps import AppConfig


class AdjustingConfig(AppConfig):
    name = "campanella.domains.adjusting"
    label = "adjusting"
