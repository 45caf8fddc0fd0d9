"""``campanella bus``: the lines of the school bus and the seats of children, taken over from files."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town, count
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.tenants.queries import Town
from campanella.usecases.places import files

BY = Software("Installazione")


class Command(TownCommand):
    help = "Take bus lines or seats over from a CSV, XLSX, XLS or ODS file; its columns are in docs/how/bus.md."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="lines|seats")
        lines = words.add_parser("lines", help="open the rides of a file, or change those that are there; all or none")
        seats = words.add_parser("seats", help="give the seats of a file, each by itself")
        for one in (lines, seats):
            one.add_argument("file", type=Path, metavar="FILE")
            add_town(one)

    def work(self, *, town: Town, **options: Any) -> None:
        """Do what the word says."""
        getattr(self, f"_{options['word']}")(**options)

    def _lines(self, *, file: Path, **options: Any) -> None:
        rides = files.load_lines(by=BY, path=_there(file), now=clock.now())
        for one in rides:
            self.stdout.write(f"{one.line.code} {one.way_word}: {one.name}")
        self.stdout.write(f"{count(len(rides), 'ride')}.")

    def _seats(self, *, file: Path, **options: Any) -> None:
        done = files.load_seats(by=BY, path=_there(file), now=clock.now())
        refused = [one for one in done if one.refused]
        for one in refused:
            self.stderr.write(f"Riga {one.line}: {one.refused}")
        self.stdout.write(f"{count(len(done) - len(refused), 'seat')} given, {len(refused)} refused.")


def _there(file: Path) -> Path:
    if not file.is_file():
        raise CommandError(f"{file} is not there.")
    return file
