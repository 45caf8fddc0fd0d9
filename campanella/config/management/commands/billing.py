"""``campanella billing run`` and ``campanella billing list``: a month's invoices, and what stands on them."""

import json
from datetime import date
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import OperatorCommand, add_town, count
from campanella.domains.billing.rules import month_of
from campanella.domains.billing.runs import RunView, run
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants.queries import Town, town_by_slug
from campanella.readings.billing import exports
from campanella.usecases.billing import issuing, policies, running, staging

CONSOLE = Software("riga di comando")


class Command(OperatorCommand):
    help = "Bill a month of a service, or list the invoices of a town."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="run|list")
        bill = words.add_parser("run", help="preview, confirm and issue a month; run again it goes on where it was")
        add_town(bill)
        bill.add_argument("--service", required=True, metavar="S", help="code of the service, such as mensa")
        bill.add_argument("--period", required=True, metavar="YYYY-MM")
        bill.add_argument("--preview", action="store_true", help="look only: no invoice is made")
        bill.add_argument("--json", action="store_true")
        listed = words.add_parser("list", help="print the issued invoices")
        add_town(listed)
        listed.add_argument("--period", metavar="YYYY-MM")
        listed.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name the town; each step opens its own transaction, so that what is issued stays whatever comes."""
        town = town_by_slug(slug=options["town"])
        period = _month(options["period"]) if options["period"] else None
        with naming(town.id):
            if options["word"] == "list":
                self._list(town, period[0] if period else None, as_json=options["json"])
            elif period:
                self._run(town, period, options)

    def _run(self, town: Town, period: tuple[date, date], options: dict[str, Any]) -> None:
        try:
            with scope(town.id):
                service = policies.service_named(options["service"])
        except NotFound:
            raise CommandError(f"{town.slug} has no service {options['service']}: `town` and the office list them.")
        found = running.preview(by=CONSOLE, service=service, first=period[0], last=period[1], now=clock.now())
        if not options["preview"] and found.invoices:
            found = self._issue(town, found)
        with scope(town.id):
            anomalies = exports.anomalies(run=found)
        if options["json"]:
            told = {
                "run": found.id,
                "invoices": found.invoices,
                "total_cents": found.total.cents,
                "state": found.state,
                "anomalies": anomalies,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"run {found.id}: {count(found.invoices, 'invoice')}, {found.total}, {found.state}")
        for one in anomalies:
            self.stdout.write(f"  {one['kind']:9} {one['child_tax_code'] or one['child_id'] or '-'}: {one['text']}")

    def _issue(self, town: Town, found: RunView) -> RunView:
        """Confirm and issue all of it, told on stderr as it goes; what somebody has stopped in the office stays stopped."""
        running.confirm(by=CONSOLE, run_id=found.id, now=clock.now())
        with scope(town.id):
            state = run(run_id=found.id)
        if state.state == "issuing" and state.allowed is not None:
            staging.go_on(by=CONSOLE, run_id=found.id, now=clock.now())
        done = state.issued
        while step := issuing.issue_next(run_id=found.id, by=CONSOLE, now=clock.now()):
            done += step
            self.stderr.write(f"{done} of {state.invoices}")
        with scope(town.id):
            return run(run_id=found.id)

    def _list(self, town: Town, period: date | None, *, as_json: bool) -> None:
        with scope(town.id):
            found = exports.listed(period=period)
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(
                f"{one['number']:16} {one['issued']} {one['due']} {one['total_cents'] / 100:>10.2f}  {one['state']}"
            )
        self.stdout.write(count(len(found), "invoice"))


def _month(text: str) -> tuple[date, date]:
    try:
        return month_of(text)
    except ValueError:
        raise CommandError(f"--period is “{text}”; it must be a month, such as 2026-10.")
