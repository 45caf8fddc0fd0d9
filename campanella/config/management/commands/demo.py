"""``campanella demo``: five towns, web, worker and simulators in the foreground."""

import os
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config import postgres
from campanella.config.command import OperatorCommand
from campanella.config.database import one_sign_in
from campanella.demo import running


class Command(OperatorCommand):
    help = "Run the demo: PORT, SIMULATORS_PORT, DATABASE_URL, DEMO_SIZE=small|full, DEMO_CLOCK=auto|real|<instant>."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="forget what is there and begin anew")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            os.environ.update(one_sign_in(os.environ))
            database = None if os.environ.get("DATABASE_URL") else postgres.Server(settings.VAR)
            running.run(var=settings.VAR, environ=os.environ, database=database, is_fresh=options["fresh"])
        except postgres.PostgresFailed as failure:
            raise CommandError(str(failure)) from failure
        except OSError as failure:
            raise CommandError(f"The demo cannot work under {settings.VAR}: {failure.strerror or failure}.") from failure
