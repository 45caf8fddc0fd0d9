"""``campanella audit verify``: is the audit trail whole, and does it say what the book says."""

from typing import Any

from django.core.management.base import CommandParser

from campanella.config.auditing import tell_violations
from campanella.config.command import OperatorCommand, towns_named
from campanella.domains.ledger import seals
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.proofs import acts, trail


class Command(OperatorCommand):
    help = "Audit the audit trail: verbs, authors, objects, acts of money, and the seals of the nights."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="verify")
        check = words.add_parser("verify", help="read every act and name every violation; exit status 1 when there is any")
        check.add_argument("--town", metavar="T", help="one town only; all of them otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        tell_violations(
            towns_named(options["town"]),
            ask=lambda: [
                *trail.violations(),
                *proofs.broken(acts.PROMISES),
                *seals.violations(),
                *seals.ahead(now=clock.now()),
            ],
            write=self.stdout.write,
        )
