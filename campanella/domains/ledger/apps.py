"""Registers ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "campanella.domains.ledger"
    label = "ledger"
