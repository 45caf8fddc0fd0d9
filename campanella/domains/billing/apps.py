"""Registers billing."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "campanella.domains.billing"
    label = "billing"
