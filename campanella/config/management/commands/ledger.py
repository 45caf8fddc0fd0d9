"""``campanella ledger verify`` and ``campanella ledger balances``: is the book whole, and what does it say."""

import json
from typing import Any

from django.core.management.base import CommandParser

from campanella.config.auditing import tell_violations
from campanella.config.command import OperatorCommand, add_town, count, towns_named
from campanella.domains.ledger import queries, seals, verify
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import Town, town_by_slug
from campanella.readings import proofs


class Command(OperatorCommand):
    help = "Audit the book of money, or print the balance of every wallet."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="verify|balances")
        check = words.add_parser("verify", help="read everything and name every violation; exit status 1 when there is any")
        check.add_argument("--town", metavar="T", help="one town only; all of them otherwise")
        balances = words.add_parser("balances", help="print every wallet of a town with its balance")
        add_town(balances)
        balances.add_argument("--json", action="store_true", help="as JSON, amounts in cents")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["word"] == "verify":
            tell_violations(
                towns_named(options["town"]),
                ask=lambda: verify.violations() + proofs.violations() + seals.violations() + seals.ahead(now=clock.now()),
                write=self.stdout.write,
            )
        else:
            self.balances(town_by_slug(slug=options["town"]), as_json=options["json"])

    def balances(self, town: Town, *, as_json: bool) -> None:
        """Print every wallet of a town."""
        with scope(town.id):
            lines = queries.balances()
        if as_json:
            wallets = [
                {
                    "id": str(line.wallet_id),
                    "child_tax_code": line.child_tax_code,
                    "service": line.service_code,
                    "balance_cents": line.balance.cents,
                }
                for line in lines
            ]
            self.stdout.write(json.dumps({"wallets": wallets}, ensure_ascii=False, indent=1))
            return
        for line in lines:
            child, service = line.child_tax_code or line.child_code, line.service_code or "all services"
            self.stdout.write(f"{line.wallet_id:>10}  {child:16}  {service:20}  {line.balance!s:>14}")
        total = sum((line.balance for line in lines), Euro(0))
        self.stdout.write(f"{count(len(lines), 'wallet')}, {total} together")
