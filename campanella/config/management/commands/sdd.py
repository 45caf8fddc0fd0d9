"""``campanella sdd``: the file of direct debits for the bank, and what the bank sends back."""

import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand, add_town, content_of, count, whole_file
from campanella.domains.billing import queries as billing
from campanella.domains.billing.rules import month_of
from campanella.domains.debiting.asked import Heard
from campanella.domains.debiting.gateways.sepa.writing import FLAVOURS
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.collecting import VERDICTS
from campanella.domains.debiting.rules.debts import invoice_of
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.closed import one_of
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants import queries as tenants
from campanella.usecases.debiting import booking, filing, hearing, taking_over

DESK = Software("riga di comando")


class Command(OperatorCommand):
    help = "Direct debits: `sdd file` for the bank, `sdd returns` from it, `sdd mandates` takes over those of a former one."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="file|returns|book|mandates")
        file = words.add_parser("file", help="the file of a month; run again it is the same, or asks for what is new")
        add_town(file)
        file.add_argument("--period", required=True, metavar="YYYY-MM", help="the month that was billed")
        file.add_argument("--format", required=True, choices=sorted(FLAVOURS), help="cbi for Italian banks, or pain008")
        file.add_argument("--out", required=True, metavar="FILE", help="where to write it")
        file.add_argument("--json", dest="as_json", action="store_true", help="as a JSON object")
        returns = words.add_parser("returns", help="CBI status, pain.002, camt.054 or camt.053")
        returns.add_argument("file", metavar="FILE")
        add_town(returns)
        returns.add_argument("--json", dest="as_json", action="store_true", help="as a JSON object")
        taken = words.add_parser(
            "mandates", help="take over mandates of a former bank or creditor: columns in docs/how/sdd.md"
        )
        taken.add_argument("file", metavar="FILE", help="CSV, XLSX, XLS or ODS")
        add_town(taken)
        taken.add_argument("--dry-run", action="store_true", help="print what would be taken and every bad line")
        taken.add_argument("--skip-bad", action="store_true", help="leave bad lines out and take the others")
        taken.add_argument("--kept-at", default="", metavar="WORDS", help="where the signed papers are")
        taken.add_argument("--json", dest="as_json", action="store_true", help="as a JSON object")
        book = words.add_parser("book", help="credit the collections whose day has come, as the night does")
        add_town(book)

    def handle(self, *args: Any, **options: Any) -> None:
        """Name the town, and let each word open its own transactions."""
        town = tenants.town_by_slug(slug=options.pop("town"))
        with naming(town.id):
            match options["word"]:
                case "file":
                    self._file(**options)
                case "returns":
                    self._returns(town_id=town.id, **options)
                case "mandates":
                    self._take(town_id=town.id, **options)
                case _:
                    self._book()

    def _file(self, *, period: str, format: str, out: str, as_json: bool, **_: Any) -> None:
        try:
            first, _last = month_of(period)
        except ValueError:
            raise CommandError(f"--period is {period}, it must be a month such as 2026-11.") from None
        form = one_of(FLAVOURS, format)
        # Opened before anything is asked for: what nobody can hand to the bank would be credited all the same.
        with whole_file(Path(out)) as stream:
            file, plan = filing.make(by=DESK, period=first, now=clock.now(), form=form)
            if file is None:
                raise CommandError(filing.why_nothing(period=first, left_out=plan.left_out))
            with scope(file.municipality_id):
                filing.write(stream, file=file, form=form)
        # Killed before this, it is written again by the same command; nothing is booked of a file that nobody has.
        filing.hand_over(by=DESK, file_id=file.pk, now=clock.now())
        self._tell_file(file_id=file.message_id, plan=plan, as_json=as_json)

    def _tell_file(self, *, file_id: str, plan: filing.Plan, as_json: bool) -> None:
        left_out = [
            {"invoice": one.invoice.number, "cents": one.invoice.open.cents, "why": one.why, "words": one.words}
            for one in plan.left_out
        ]
        if as_json:
            new = {"collections": len(plan.wanted), "total_cents": plan.total.cents, "left_out": left_out}
            self.stdout.write(json.dumps({"file": file_id, **new}, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{file_id}: {count(len(plan.wanted), 'new collection')}, {plan.total}")
        for one in left_out:
            self.stdout.write(f"left out: {one['invoice']}, {Euro(int(str(one['cents'])))}: {one['words']}")

    def _returns(self, *, town_id: int, file: str, as_json: bool, **_: Any) -> None:
        body = content_of(Path(file))
        report = hearing.hear(by=DESK, body=body, now=clock.now())
        with scope(town_id):
            invoices = [invoice_of(one.collection.debt) for one in report.heard if one.collection]
            numbers = billing.numbers(invoice_ids=invoices)
        lines = [_line(one, numbers) for one in report.heard]
        if as_json:
            told = {
                "form": report.form,
                "message_id": report.message_id,
                "again": report.is_known,
                "applied": report.applied,
            }
            self.stdout.write(_as_json({**told, "lines": lines}))
            return
        for line in lines:
            why = f", {line['reason']} {line['words']}" if line["reason"] else ""
            self.stdout.write(f"{line['number']}: {line['end_to_end_id']}{why}: {line['verdict_words']}")
        self.stdout.write(f"{count(report.applied, 'line')} done of {len(lines)}, {report.form} {report.message_id}")

    def _take(
        self, *, town_id: int, file: str, dry_run: bool, skip_bad: bool, kept_at: str, as_json: bool, **_: Any
    ) -> None:
        path, now = Path(file), clock.now()
        with scope(town_id):
            report = taking_over.check(path=path, now=now)
        if as_json:
            wrong = [{"line": one.line, "why": one.sentence} for one in report.wrong]
            counts = {"known": report.known, "used": report.carried, "amended": report.amended}
            self.stdout.write(_as_json({"new": len(report.new), **counts, "wrong": wrong}))
        else:
            for one in report.wrong:
                self.stdout.write(f"line {one.line}, {one.sentence}")
            self.stdout.write(
                f"{count(len(report.new), 'mandate')} to take over, {report.carried} collected with before,"
                f" {report.amended} with something to tell the bank; {report.known} taken before"
            )
        if not dry_run:
            taking_over.take(by=DESK, path=path, kept_at=kept_at, leave_wrong=skip_bad, now=now)

    def _book(self) -> None:
        done = 0
        while some := booking.book_due(now=clock.now()):
            done += some
        self.stdout.write(f"{count(done, 'collection')} credited")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _line(one: Heard, numbers: dict[int, str]) -> dict[str, object]:
    line, collection = one.line, one.collection
    return {
        "number": line.number,
        "end_to_end_id": collection.end_to_end_id if collection else line.end_to_end_id or line.payment_id,
        "kind": line.kind,
        "reason": line.reason,
        "words": reasons.reason(line.reason).words if line.reason else "",
        "cents": line.cents,
        "verdict": one.verdict,
        "verdict_words": VERDICTS[one.verdict],
        "outcome": one.coming,
        "action": one.follows,
        "invoice": numbers.get(invoice_of(collection.debt), "") if collection else "",
    }
