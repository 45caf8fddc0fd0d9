"""``campanella notice create``: notices to pay, made from the desk."""

import json
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town
from campanella.usecases import top_up

MOST = 200_000
BATCH = 10_000
MOST_CENTS = 99_999_999


class Command(TownCommand):
    help = "Make notices to pay for a wallet."

    def add_arguments(self, parser: CommandParser) -> None:
        create = parser.add_subparsers(dest="word", required=True, metavar="create").add_parser("create")
        add_town(create)
        create.add_argument("--wallet", required=True, type=int, metavar="ID", help="as `ledger balances` prints it")
        create.add_argument("--amount-cents", required=True, type=int, metavar="N", help="of each notice")
        create.add_argument("--count", type=int, default=1, metavar="K", help=f"how many, up to {MOST:,}")
        create.add_argument("--json", action="store_true", help="as a JSON list")

    def work(self, *, town: Town, **options: Any) -> None:
        """Make the notices in batches, all or none."""
        wallet_id, cents, count = options["wallet"], options["amount_cents"], options["count"]
        if not 1 <= cents <= MOST_CENTS:
            raise CommandError(f"--amount-cents is {cents}, it must be between 1 and {MOST_CENTS}.")
        if not 1 <= count <= MOST:
            raise CommandError(f"--count is {count}, it must be between 1 and {MOST}.")
        made: list[tuple[str, str]] = []
        for done in range(0, count, BATCH):
            made += self._batch(town=town, wallet_id=wallet_id, amount=Euro(cents), count=min(BATCH, count - done))
        if options["json"]:
            notices = [
                {"notice_number": number, "iuv": iuv, "amount_cents": cents, "wallet": str(wallet_id)}
                for number, iuv in made
            ]
            self.stdout.write(json.dumps(notices, indent=1))
        else:
            for number, _ in made:
                self.stdout.write(f"{number}  {Euro(cents)}")

    def _batch(self, *, town: Town, wallet_id: int, amount: Euro, count: int) -> list[tuple[str, str]]:
        try:
            requests = top_up.prepare_at_desk(
                by=Software("riga di comando"), wallet_id=wallet_id, amount=amount, count=count, now=clock.now()
            )
        except NotFound:
            raise CommandError(f"There is no wallet {wallet_id} in {town.slug}: `ledger balances` lists them.")
        except top_up.NoAccount:
            raise CommandError(f"{town.name} has no IBAN yet: the office writes it under Impostazioni.")
        return [(request.notice_number, request.iuv) for request in requests]
