"""
Posting: the only place where money moves.

Every posting is set-based: one statement writes entries, transfers and balances. A source that was posted before is
recognised by its retry key and changes nothing.

What is due is decided under the wallets' lock (``holding.py``): ``settle`` refuses what was not. What decides nothing but
its own amount (``post``, ``move``) holds its wallets by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from campanella.domains.ledger import rules, statements
from campanella.domains.ledger.events import CreditMoved
from campanella.domains.ledger.holding import NotHeld, are_held, hold_wallets, open_wallet, open_wallets
from campanella.domains.ledger.models import Account, CreditWarning
from campanella.domains.ledger.rules import AccountKind, EntryKind, Source
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation


class SourceMoved(Refusal):
    """A source was charged to another wallet before; the two must be closed and opened one by one."""

    message = "Questo addebito appartiene a un altro borsellino."


class Due(NamedTuple):
    """
    What a source costs now, whatever was charged for it before; made by the thousand.

    :ivar wallet_id: who pays
    :ivar revenue_id: the account of the service that earns
    :ivar day: the day its entry speaks of, None for the day of the whole call
    :ivar is_first: nothing was ever posted for the source, because its fact was written just now: nothing is looked up.
        The retry key refuses the whole call where that is not so
    """

    source: Source
    wallet_id: int
    revenue_id: int
    due: Euro
    day: date | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One movement between a wallet and another account.

    :ivar amount: positive comes into the wallet, negative leaves it
    :ivar revision: of one receipt for several wallets: 0, 1, 2, … in a fixed order
    """

    source: Source
    wallet_id: int
    other_id: int
    amount: Euro
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """
    Money that passes from one wallet to another.

    :ivar amount: above zero
    """

    source: Source
    from_wallet_id: int
    to_wallet_id: int
    amount: Euro


@operation
def account(*, kind: AccountKind, code: str) -> Account:
    """Return an account of the town, opening it the first time."""
    return Account.objects.get_or_create(kind=kind, code=code)[0]


@operation
def settle(*, dues: Sequence[Due], kind: EntryKind, day: date, memo: str, by_id: int | None, now: datetime) -> int:
    """
    Make what was charged for each source equal to what is due, posting only the differences.

    The same call again posts nothing. A correction, a late ISEE and a refund of a meal are this call with another amount.

    :param day: the day the entries speak of, where a due says no other
    :returns: how many sources changed
    :raises NotHeld: the wallets are not held, so what is due was decided without their lock
    :raises SourceMoved: a source was charged to another wallet before
    """
    if not dues:
        return 0
    wallet_ids = [due.wallet_id for due in dues]
    if not are_held(wallet_ids=wallet_ids):
        raise NotHeld
    values = {
        "town": active_town_id(),
        "sources": [due.source for due in dues],
        "wallets": wallet_ids,
        "revenues": [due.revenue_id for due in dues],
        "dues": [due.due.cents for due in dues],
        "firsts": [due.is_first for due in dues],
        "days": [due.day for due in dues] if any(due.day for due in dues) else None,
        "kind": kind, "day": day, "memo": memo, "by": by_id, "now": now,
    }  # fmt: skip
    moved, changed = sql.row(statements.SETTLE, values) or (False, 0)
    if moved:
        raise SourceMoved
    if changed:
        _tell(wallet_ids)
    return int(changed)


@operation
def post(
    *, movements: Sequence[Movement], kind: EntryKind, day: date, memo: str, by_id: int | None, now: datetime
) -> list[Source]:
    """
    Post movements of wallets, each once for its source.

    :returns: the sources that were new; one posted before is left as it is
    """
    if not movements:
        return []
    hold_wallets(wallet_ids=[movement.wallet_id for movement in movements])
    values = {
        "town": active_town_id(),
        "sources": [movement.source for movement in movements],
        "wallets": [movement.wallet_id for movement in movements],
        "others": [movement.other_id for movement in movements],
        "revisions": [movement.revision for movement in movements],
        "amounts": [movement.amount.cents for movement in movements],
        "kind": kind, "day": day, "memo": memo, "by": by_id, "now": now,
    }  # fmt: skip
    fresh = [Source(source) for (source,) in sql.rows(statements.POST, values)]
    # What a town brings from its former software is told with the first movement after it, not by the thousand at once.
    if fresh and kind != "opening":
        _tell(movement.wallet_id for movement in movements)
    return fresh


@operation
def move(*, passages: Sequence[Passage], day: date, memo: str, by_id: int | None, now: datetime) -> list[Source]:
    """
    Move money from wallets to wallets, each passage once for its source and in one entry: nothing is made, nothing lost.

    :returns: the sources that were new; one posted before is left as it is
    """
    if not passages:
        return []
    hold_wallets(wallet_ids=[wallet for passage in passages for wallet in (passage.from_wallet_id, passage.to_wallet_id)])
    values = {
        "town": active_town_id(),
        "sources": [passage.source for passage in passages],
        "givers": [passage.from_wallet_id for passage in passages],
        "takers": [passage.to_wallet_id for passage in passages],
        "amounts": [passage.amount.cents for passage in passages],
        "day": day, "memo": memo, "by": by_id, "now": now,
    }  # fmt: skip
    fresh = [Source(source) for (source,) in sql.rows(statements.MOVE, values)]
    if fresh:
        _tell(wallet for passage in passages for wallet in (passage.from_wallet_id, passage.to_wallet_id))
    return fresh


def _tell(wallet_ids: Iterable[int]) -> None:
    """Tell it here, where money moves: no way of moving it can forget to."""
    publish(CreditMoved(wallet_ids=sorted(set(wallet_ids))))


@operation
def note_levels(*, reached: Mapping[int, Collection[rules.Level]], now: datetime) -> list[tuple[int, rules.Level]]:
    """
    Note which levels these wallets have fallen to, and which they have left.

    :param reached: the levels of each wallet now, by wallet
    :returns: (wallet, level) fallen to since the last time, the gravest of each wallet only
    """
    known = CreditWarning.objects.filter(wallet_id__in=list(reached), recovered_at=None)
    open_levels = {(wallet_id, level): pk for pk, wallet_id, level in known.values_list("pk", "wallet_id", "level")}
    recovered = [pk for (wallet_id, level), pk in open_levels.items() if level not in reached[wallet_id]]
    CreditWarning.objects.filter(pk__in=recovered).update(recovered_at=now)
    fresh = [
        CreditWarning(wallet_id=wallet_id, level=level, told_at=now)
        for wallet_id, levels in reached.items()
        for level in levels
        if (wallet_id, level) not in open_levels
    ]
    # Two jobs may look at one wallet at the same time: the unique key lets one of them tell.
    told = _insert_warnings(fresh)
    gravest: dict[int, rules.Level] = {}
    for wallet_id, level in told:
        if GRAVITY[level] >= GRAVITY[gravest.get(wallet_id, level)]:
            gravest[wallet_id] = level
    return sorted(gravest.items())


def _insert_warnings(fresh: Sequence[CreditWarning]) -> list[tuple[int, rules.Level]]:
    if not fresh:
        return []
    values = {
        "town": active_town_id(),
        "now": fresh[0].told_at,
        "wallets": [warning.wallet_id for warning in fresh],
        "levels": [warning.level for warning in fresh],
    }
    return [(a, b) for a, b in sql.rows(statements.WARN, values)]


GRAVITY: dict[rules.Level, int] = {"low": 0, "zero": 1, "floor": 2}

__all__ = [
    "Due", "Movement", "Passage", "SourceMoved", "account", "hold_wallets", "move", "note_levels", "open_wallet",
    "open_wallets", "post", "settle",
]  # fmt: skip
