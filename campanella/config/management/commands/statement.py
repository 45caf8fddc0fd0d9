"""``campanella statement``: what a wallet did between two days, as family and office read it."""

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from campanella.config.command import TownCommand
from campanella.domains.ledger import queries as ledger
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.tenants.queries import Town
from campanella.readings import statements


class UpsideDown(Refusal):
    """The last day comes before the first."""

    message = "--to comes before --from."


class Command(TownCommand):
    help = "Print a wallet's statement: opening, movements, closing; amounts in cents."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--wallet", required=True, type=int, metavar="ID", help="as “ledger balances” prints it")
        parser.add_argument("--from", dest="first", required=True, type=_day, metavar="D", help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, type=_day, metavar="D", help="last day, included")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def work(self, *, town: Town, **options: Any) -> None:
        """Print one wallet's statement."""
        first, last = options["first"], options["last"]
        if last < first:
            raise UpsideDown
        wallet = ledger.wallet(wallet_id=options["wallet"])
        child = people.child(child_id=wallet.child_id)
        (one,) = statements.statements(wallets=[(wallet, child.code)], first=first, last=last).statements
        if options["json"]:
            said = {"wallet": str(wallet.id), "child_tax_code": child.tax_code, **_as_json(one, first, last)}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{first}  opening  {one.opening}")
        for item in one.told:
            line = item.line
            amounts = f"{line.amount.italian(signed=True):>12}  {line.balance_after!s:>12}"
            self.stdout.write(f"{line.booked_on}  {amounts}  {item.title}")
        self.stdout.write(f"{last}  closing  {one.closing}")


def _as_json(one: statements.Statement, first: date, last: date) -> dict[str, Any]:
    return {
        "service": one.wallet.service_name,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "opening_cents": one.opening.cents,
        "movements": [
            {
                "booked_on": item.line.booked_on.isoformat(),
                "day": item.line.day.isoformat(),
                "kind": item.line.kind,
                "title": item.title,
                "why": item.why,
                "cents": item.line.amount.cents,
                "balance_cents": item.line.balance_after.cents,
            }
            for item in one.told
        ],
        "sums": {name: amount.cents for name, amount in one.sums},
        "closing_cents": one.closing.cents,
    }


def _day(text: str) -> date:
    found = clock.read_day(text)
    if found is None:
        raise ArgumentTypeError(f"not a day: {text} (YYYY-MM-DD)")
    return found
