"""``campanella tariff``: the town's tariffs as one file, and what somebody pays."""

import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town, content_of
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.italian import counted
from campanella.foundation.tenants.queries import Town
from campanella.usecases.tariffs import asking, loading
from campanella.usecases.tariffs.facts import read_facts
from campanella.usecases.tariffs.judging import Planned
from campanella.usecases.tariffs.loading import TariffsRefused

MOST_BYTES = 2_000_000
WORDS = {
    "new": "nuova",
    "same": "già così",
    "other": "cambia, nessuno la paga ancora",
    "replaces": "prende il posto di un’altra",
    "corrects": "corretta, prima che cominci",
    "in_use": "rifiutata",
    "meets": "rifiutata",
    "unfit": "rifiutata",
}


class Command(TownCommand):
    help = "Load, export and ask for tariffs; the file is described in docs/how/tariffs.md."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="load|export|quote")
        load = words.add_parser("load", help="take the tariffs of a YAML file over, all or none")
        load.add_argument("file", type=Path, metavar="FILE")
        load.add_argument("--dry-run", action="store_true", help="print what would change; write nothing")
        export = words.add_parser("export", help="print every tariff as such a file")
        quote = words.add_parser("quote", help="what somebody pays, and why")
        quote.add_argument("--service", required=True, metavar="S", help="its code")
        quote.add_argument("--facts", required=True, type=Path, metavar="FILE", help="JSON, see docs/how/tariffs.md")
        quote.add_argument("--json", action="store_true", help="as JSON")
        for one in (load, export, quote):
            add_town(one)

    def work(self, *, town: Town, **options: Any) -> None:
        """Do what the word says."""
        getattr(self, f"_{options['word']}")(**options)

    def _load(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        text = _text(file)
        planned = loading.plan(text=text, today=clock.today())
        for one in planned:
            self.stdout.write(f"{one.scheme.code}: {WORDS[one.state]}")
        if any(one.refusal for one in planned):
            raise TariffsRefused(planned)
        concerned = loading.concerned(planned)
        planned = loading.answered(planned, concerned)
        if any(one.refusal for one in planned):
            raise TariffsRefused(planned)
        for one, moved in concerned:
            self.stdout.write(
                f"{one.scheme.code}: {counted(len(moved.lines), 'bambino', 'bambini')},"
                f" {moved.dearer} di più, {moved.cheaper} di meno"
            )
        if not dry_run:
            planned = loading.load(by=Software("tariffe"), text=text, now=clock.now())
        self.stdout.write(_sum(planned, would=dry_run))

    def _export(self, **options: Any) -> None:
        self.stdout.write(asking.exported(), ending="")

    def _quote(self, *, service: str, facts: Path, **options: Any) -> None:
        asked = read_facts(_text(facts))
        found = asking.quote(service=service, facts=asked.facts, level=asked.level, unit=asked.unit)
        if options["json"]:
            said = {"cents": found.amount.cents, "unit": found.unit, "bracket": found.bracket, "because": found.because}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.stdout.write(found.because)


def _sum(planned: list[Planned], *, would: bool) -> str:
    changing = sum(one.state != "same" for one in planned)
    verb = "da caricare" if would else "caricate"
    return f"tariffe {verb}: {changing}; già così: {len(planned) - changing}"


def _text(file: Path) -> str:
    content = content_of(file)
    if len(content) > MOST_BYTES:
        raise CommandError(f"{file} is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8: save it as such.") from None
