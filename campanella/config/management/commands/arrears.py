"""``campanella arrears``: who is to be reminded, reminders with their proof, the collector’s list, the ladder as a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand, add_town, count
from campanella.domains.arrears import queries
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants.queries import Town, town_by_slug
from campanella.readings.arrears import exports
from campanella.usecases.arrears import collecting, ladder, running

CONSOLE = Software("riga di comando")


class Command(OperatorCommand):
    help = "Remind families of what they owe, list reminders, export the collector's list, read or write the ladder."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="run|list|collector|ladder")
        run = words.add_parser("run", help="preview who is to be reminded today, and let them go in five minutes")
        add_town(run)
        run.add_argument("--preview", action="store_true", help="look only: nothing leaves")
        run.add_argument("--json", action="store_true")
        listed = words.add_parser("list", help="print the reminders with their proof")
        add_town(listed)
        listed.add_argument("--json", action="store_true")
        collector = words.add_parser("collector", help="write the list for the collector")
        add_town(collector)
        collector.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        collector.add_argument("--out", required=True, metavar="FILE", type=Path)
        steps = words.add_parser("ladder", help="print the ladder as JSON, or write the one of a file")
        add_town(steps)
        steps.add_argument("--set", metavar="FILE", type=Path, help="as `campanella arrears ladder` prints it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name the town; each step opens its own transaction."""
        town = town_by_slug(slug=options["town"])
        with naming(town.id):
            try:
                getattr(self, f"_{options['word']}")(town, options)
            except Refusal as refusal:
                raise CommandError(refusal.message)

    def _run(self, town: Town, options: dict[str, Any]) -> None:
        found = running.preview(by=CONSOLE, now=clock.now())
        if found.wanted and not options["preview"]:
            found = running.confirm(by=CONSOLE, run_id=found.id, now=clock.now())
        with scope(town.id):
            candidates = exports.candidates(run=found)
        if options["json"]:
            told = {"run": found.id, "state": found.state, "wanted": found.wanted, "total_cents": found.total.cents}
            self.stdout.write(json.dumps({**told, "households": candidates}, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"run {found.id}: {count(found.wanted, 'reminder')}, {found.total}, {found.state}")
        for one in candidates:
            said = one["step"] or f"left out: {one['why']}"
            self.stdout.write(f"  {one['payer_tax_code'] or one['payer_id']:16} {one['cents'] / 100:>10.2f}  {said}")

    def _list(self, town: Town, options: dict[str, Any]) -> None:
        with scope(town.id):
            found = exports.listed()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(f"{one['number']:16} {one['issued']} {one['total_cents'] / 100:>10.2f}  {one['proof']}")
        self.stdout.write(count(len(found), "reminder"))

    def _collector(self, town: Town, options: dict[str, Any]) -> None:
        content = collecting.export(by=CONSOLE, form=options["format"], now=clock.now())
        try:
            options["out"].write_bytes(content)
        except OSError as fault:
            raise CommandError(f"{options['out']} cannot be written: {fault.strerror}.")

    def _ladder(self, town: Town, options: dict[str, Any]) -> None:
        if options["set"] is None:
            with scope(town.id):
                self.stdout.write(ladder.as_json(queries.ladder(day=clock.today())))
            return
        try:
            text = options["set"].read_text()
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{options['set']} cannot be read.")
        first, steps = ladder.steps_of(text)
        ladder.set_ladder(by=CONSOLE, first=max(first, clock.today()), steps=steps, reason="", now=clock.now())
