"""
Money that a bank has brought, and money that it took back.

It comes on the day of its collection unless the bank has said no: it is in the wallets at once, and may still go back for
eight weeks (thirteen months where nobody had authorised it).
"""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.billing import operations as billing
from campanella.domains.debiting import asked, collecting, ending, queries
from campanella.domains.debiting.acts import NotInForce
from campanella.domains.debiting.asked import CollectionView
from campanella.domains.debiting.events import CollectionsBrought
from campanella.domains.debiting.rules import days
from campanella.domains.debiting.rules.debts import invoice_of
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation, use_case
from campanella.usecases.debiting.paying import hold_payers, pay_so

BANK = Software("Banca")
CLEARING = "sdd"
# Collections of one transaction: their wallets are held for it, and a stop is felt within seconds.
CHUNK = 500


@use_case
def book_due(*, now: datetime) -> int:
    """
    Book collections whose day has come and of which no bank has said anything, some in a transaction.

    :returns: how many; 0 when none is left
    """
    found = asked.due(day=clock.day_of(now), limit=CHUNK)
    hold(collections=found)
    # What a bank has said of one meanwhile is seen under the lock.
    due = [one for one in asked.collections(ids=[one.id for one in found]) if not one.known]
    bring(collections=due, now=now)
    collecting.note_booked(collections=due, now=now)
    return len(found)


@operation
def hold(*, collections: Sequence[CollectionView], payer_ids: Sequence[int] = ()) -> None:
    """
    Hold the wallets of collections, all in one go.

    :param payer_ids: whose mandates may end by this act: their children are held with them
    """
    wallet_ids = [wallet_id for one in collections for wallet_id, _ in one.shares]
    if payer_ids:
        child_ids = [one.child_id for one in wallets.wallets_by_id(wallet_ids=wallet_ids)]
        hold_payers(payer_ids=payer_ids, child_ids=child_ids)
    else:
        ledger.hold_wallets(wallet_ids=wallet_ids)


@operation
def bring(*, collections: Sequence[CollectionView], now: datetime) -> None:
    """Credit what collections have brought to their wallets, each as it was asked for; part of the act that says so."""
    clearing = ledger.account(kind="clearing", code=CLEARING).pk
    movements = [
        (one, Movement(Source.of_collection(key=one.end_to_end_id, wallet_id=wallet_id), wallet_id, clearing, Euro(cents)))
        for one in collections
        for wallet_id, cents in one.shares
    ]
    fresh = ledger.post(
        movements=[movement for _, movement in movements],
        kind="collection",
        day=clock.day_of(now),
        memo="Addebito diretto sul conto",
        by_id=None,
        now=now,
    )
    _name(movements, fresh, now)
    if fresh:
        publish(CollectionsBrought(wallet_ids=sorted({movement.wallet_id for _, movement in movements})))


@operation
def take_back(*, collections: Sequence[CollectionView], words: dict[int, str], now: datetime) -> None:
    """
    Take what collections had brought out of their wallets again: what they paid is owed anew. Part of the act that says so.

    :param words: by collection why, in words for the family
    """
    clearing = ledger.account(kind="clearing", code=CLEARING).pk
    movements = [
        (one, Movement(Source.of_returned(key=one.end_to_end_id, wallet_id=wallet_id), wallet_id, clearing, Euro(-cents)))
        for one in collections
        for wallet_id, cents in one.shares
    ]
    for why in sorted(set(words.values())):
        fresh = ledger.post(
            movements=[movement for one, movement in movements if words[one.id] == why],
            kind="returned",
            day=clock.day_of(now),
            memo=f"Tornato indietro: {why}",
            by_id=None,
            now=now,
        )
        _name(movements, fresh, now)


@use_case
def lapse(*, by: Actor, now: datetime) -> int:
    """
    End mandates that nobody has used for 36 months.

    :returns: how many
    """
    day = clock.day_of(now)
    # No file that is made meanwhile uses one of them.
    sql.take_turns("collections", active_town_id())
    unused = queries.unused_since(day=days.unused_until(day))
    hold_payers(payer_ids=queries.payers_of(mandate_ids=unused))
    lapsed = 0
    for mandate_id in unused:
        try:
            mandate = ending.lapse(by=by, mandate_id=mandate_id, now=now)
        except NotInForce:  # revoked since the list was read: the others lapse all the same
            continue
        pay_so(by=by, payer=mandate.payer, kind="town", now=now)
        lapsed += 1
    return lapsed


def _name(movements: Sequence[tuple[CollectionView, Movement]], fresh: Sequence[Source], now: datetime) -> None:
    """Say which invoice each of these movements is for."""
    new = set(fresh)
    paid = [(invoice_of(one.debt), movement.source) for one, movement in movements if movement.source in new]
    billing.note_payments(payments=paid, now=now)
