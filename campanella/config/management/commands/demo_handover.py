"""``campanella demo_handover``: a step of ``demo``: writes ``var/demo.json``."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand
from campanella.demo import handover


class Command(OperatorCommand):
    help = "Write var/demo.json (a step of `demo`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simulators-url", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        content = handover.demo_json(base_url=settings.BASE_URL, simulators_url=options["simulators_url"])
        handover.write(settings.VAR / "demo.json", content)
