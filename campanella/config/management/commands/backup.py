"""``campanella backup FILE``: the whole installation in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from campanella.config import backup
from campanella.config.command import OperatorCommand, count
from campanella.foundation.core import clock


class Command(OperatorCommand):
    help = "Copy the database and the towns' files to a new file, while people work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where the copy goes, such as campanella-2026-11-29.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        made = backup.take(to=options["file"], files=settings.VAR / "files", now=clock.now())
        rows = sum(table.rows for table in made.tables.values())
        held = f"{count(len(made.towns), 'town')}, {count(rows, 'row')} and {count(made.files, 'file')}"
        self.stdout.write(f"{options['file']} holds {held}.")
        self.stdout.write("It has everything about families and children: keep it where only you can read it.")
