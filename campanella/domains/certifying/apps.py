"""Registers certifying."""

from django.apps import AppConfig


class CertifyingConfig(AppConfig):
    name = "campanella.domains.certifying"
    label = "certifying"
