"""Plugs the table of reactions in, and the checks before the start."""

from django.apps import AppConfig

from campanella.foundation.core import events


class PluggedConfig(AppConfig):
    name = "campanella.config"
    label = "config"

    def ready(self) -> None:
        from campanella.config import checks as checks  # registers them
        from campanella.usecases.reactions import REACTIONS

        events.install(REACTIONS)
