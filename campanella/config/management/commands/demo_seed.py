"""``campanella demo_seed``: a step of ``demo``: one town's people and past."""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand
from campanella.demo import seeding
from campanella.demo.sizes import SIZES


class Command(OperatorCommand):
    help = "Fill one of the demo's towns (a step of `demo`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("town")
        parser.add_argument("--size", choices=SIZES, default="small")
        parser.add_argument("--moment", type=datetime.fromisoformat, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        town = seeding.fill(slug=options["town"], size=options["size"], moment=options["moment"])
        self.stdout.write(f"  {town.name} is there.")
