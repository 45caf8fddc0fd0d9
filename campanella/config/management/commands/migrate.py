"""``campanella migrate``: Django's, on a database that has been looked at first."""

from typing import Any

from django.core.management.commands import migrate

from campanella.config import outside, rendering
from campanella.config.command import OperatorCommand


class Command(OperatorCommand, migrate.Command):
    help = "Make or change the tables and the walls between towns."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at the database, then migrate it."""
        outside.make_ready()
        with rendering.only_what_stands_on_it():
            super().handle(*args, **options)
