"""Whose wallets are paid after the month: they go below zero every day, and nothing about it is low."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.billing import policies
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
