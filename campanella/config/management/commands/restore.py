"""``campanella restore FILE``: a copy of an installation is put back into an empty one."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser

from campanella.config import restore
from campanella.config.command import OperatorCommand, count


class Command(OperatorCommand):
    help = "Put a copy made by “campanella backup” back, into an empty database and an empty folder of files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the copy")

    def handle(self, *args: Any, **options: Any) -> None:
        made = restore.put_back(
            copy=options["file"],
            files=settings.VAR / "files",
            migrate=lambda: call_command("migrate", verbosity=0, interactive=False),
        )
        rows = sum(table.rows for table in made.tables.values())
        self.stdout.write(
            f"Put back as it was at {made.taken_at}: {count(len(made.towns), 'town')}, {count(rows, 'row')},"
            f" {count(made.files, 'file')}. “campanella ledger verify” proves the book; then start web and worker."
        )
