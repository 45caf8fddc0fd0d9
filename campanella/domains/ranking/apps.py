"""Registers rankings."""

from django.apps import AppConfig


class RankingConfig(AppConfig):
    name = "campanella.domains.ranking"
    label = "ranking"
