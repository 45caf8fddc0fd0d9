"""
Whose wallets are paid after the month: they go below zero every day, and nothing about it is low, nor a debt.

What they owe is what their invoices ask for once they are due, and stands with the invoices and the reminders.
"""

from collections.abc import Sequence
from datetime import date

from campanella.domains.billing import policies
from campanella.domains.billing.statements import pays_after
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger.queries import WalletView


def wallets_paid_after(*, wallets: Sequence[WalletView], enrolled: Sequence[Enrolled], day: date) -> set[int]:
    """
    Return the wallets all of whose services are paid after the month: one query.

    :param enrolled: what their children use on the day; a wallet for all services pays each of them
    """
    uses: dict[int, list[int]] = {}
    for line in enrolled:
        uses.setdefault(line.child_id, []).append(line.service_id)
    paid_for: dict[int, list[tuple[int, int]]] = {}
    for wallet in wallets:
        services = [wallet.service_id] if wallet.service_id else uses.get(wallet.child_id, [])
        paid_for[wallet.id] = [(wallet.child_id, service_id) for service_id in services]
    owners = sorted({owner for found in paid_for.values() for owner in found})
    kinds = policies.kinds_on(owners=owners, day=day)
    return {pk for pk, found in paid_for.items() if found and all(kinds[owner] != "prepaid" for owner in found)}


def is_paid_after(*, wallet: str, day: str, town: str = "%(town)s") -> str:
    """
    Tell in SQL of a wallet what ``wallets_paid_after`` tells of many.

    :param wallet: the alias of its row
    """
    child = f"{wallet}.child_id"
    own = pays_after(child=child, service=f"{wallet}.service_id", day=day, town=town)
    each = pays_after(child=child, service="n.service_id", day=day, town=town)
    return f"""case when {wallet}.service_id is not null then {own} else coalesce((
      select bool_and({each}) from enrolment_subscription n
       where n.municipality_id = {town} and n.child_id = {child} and n.days @> {day}), false) end"""  # noqa: S608  # of ours
