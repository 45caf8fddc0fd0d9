"""Registers payments."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "campanella.domains.payments"
    label = "payments"
