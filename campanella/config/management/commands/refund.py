"""``campanella refund``: the file of refunds for the bank, and what the bank answers."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand, add_town, content_of, count, whole_file
from campanella.domains.adjusting import asked
from campanella.domains.adjusting.gateways.sct.base import FORMATS
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants import queries as tenants
from campanella.usecases.adjusting import hearing, refunds

DESK = Software("riga di comando")


class Command(OperatorCommand):
    help = "Refunds: `refund file` writes what the bank is asked to pay, `refund returns` reads what it answers."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="file|returns")
        file = words.add_parser("file", help="every refund that is approved and was not asked for yet; or a file once more")
        add_town(file)
        file.add_argument("--format", required=True, choices=FORMATS, help="pain.001 of 2019, or of 2009 for older portals")
        file.add_argument("--out", required=True, metavar="FILE", help="where to write it")
        file.add_argument("--again", metavar="ID", type=int, help="write a file of before, by its number: the same bytes")
        file.add_argument("--json", dest="as_json", action="store_true", help="as a JSON object")
        returns = words.add_parser("returns", help="pain.002, camt.054 or camt.053")
        returns.add_argument("file", metavar="FILE")
        add_town(returns)
        returns.add_argument("--json", dest="as_json", action="store_true", help="as a JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name the town, and let each word open its own transaction."""
        town = tenants.town_by_slug(slug=options.pop("town"))
        with naming(town.id):
            if options["word"] == "file":
                self._file(town_id=town.id, **options)
            else:
                self._returns(**options)

    def _file(self, *, town_id: int, format: str, out: str, again: int | None, as_json: bool, **_: Any) -> None:
        file_id = again or refunds.make(by=DESK, now=clock.now()).id
        with scope(town_id):
            file = asked.file(file_id=file_id)
            content = refunds.write(file_id=file_id, form=next(form for form in FORMATS if form == format))
        with whole_file(Path(out), hint=f" Write the file once more with --again {file_id}.") as stream:
            stream.write(content)
        if as_json:
            told = {"id": file.id, "file": file.message_id, "refunds": file.count, "total_cents": file.total.cents}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{file.message_id} (number {file.id}): {count(file.count, 'refund')}, {file.total}")

    def _returns(self, *, file: str, as_json: bool, **_: Any) -> None:
        body = content_of(Path(file))
        report = hearing.hear(by=DESK, body=body, now=clock.now())
        lines = [
            {
                "number": one.line.number,
                "end_to_end_id": one.order.end_to_end_id if one.order else one.line.end_to_end_id,
                "kind": one.line.kind,
                "reason": one.line.reason,
                "words": one.why,
                "cents": one.amount.cents,
                "verdict": one.verdict,
                "verdict_words": one.words,
            }
            for one in report.heard
        ]
        if as_json:
            told = {
                "form": report.form,
                "message_id": report.message_id,
                "again": report.is_known,
                "applied": report.applied,
            }
            self.stdout.write(json.dumps({**told, "lines": lines}, ensure_ascii=False, indent=1))
            return
        for line in lines:
            why = f", {line['reason']} {line['words']}" if line["reason"] else ""
            self.stdout.write(f"{line['number']}: {line['end_to_end_id']}, {line['kind']}{why}: {line['verdict_words']}")
        self.stdout.write(f"{count(report.applied, 'line')} done of {len(lines)}, {report.form} {report.message_id}")
