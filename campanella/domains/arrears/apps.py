"""Registers arrears."""

from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    name = "campanella.domains.arrears"
    label = "arrears"
