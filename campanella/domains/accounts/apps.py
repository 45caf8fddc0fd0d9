"""Registers accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "campanella.domains.accounts"
    label = "accounts"
