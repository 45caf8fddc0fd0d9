"""
Posting: the only place where money moves.

Every posting is set-based: one statement locks the wallets in order, one writes entries, transfers and balances. A source
that was posted before is recognised by its retry key and changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.ledger import rules, statements
from campanella.domains.ledger.models import Account, CreditWarning, Wallet
from campanella.domains.people.models import Child
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation


class SourceMoved(Refusal):
    """A source was charged to another wallet before; the two must be closed and opened one by one."""

    message = "Questo addebito appartiene a un altro borsellino."


@dataclass(frozen=True, slots=True)
class Due:
    """
    What a source costs now, whatever was charged for it before.

    :ivar source: the fact, such as ``presence:12``
    :ivar wallet_id: who pays
    :ivar revenue_id: the account of the service that earns
    """

    source: str
    wallet_id: int
    revenue_id: int
    due: Euro


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One movement between a wallet and another account.

    :ivar amount: positive comes into the wallet, negative leaves it
    """

    source: str
    wallet_id: int
    other_id: int
    amount: Euro


@dataclass(frozen=True, slots=True)
class Passage:
    """
    Money that passes from one wallet to another.

    :ivar amount: above zero
    """

    source: str
    from_wallet_id: int
    to_wallet_id: int
    amount: Euro


@operation
def account(*, kind: str, code: str) -> Account:
    """Return an account of the town, opening it the first time."""
    return Account.objects.get_or_create(kind=kind, code=code)[0]


@operation
def open_wallet(*, child: Child, service_id: int | None) -> Wallet:
    """Return the wallet of a child for a service (None for all of them together), opening it the first time."""
    mine = Wallet.objects.filter(child=child)
    found = (mine.filter(service=None) if service_id is None else mine.filter(service_id=service_id)).first()
    if found:
        return found
    code = f"{child.pk}:{service_id or ''}"
    opened = Account.objects.get_or_create(kind="wallet", code=code)[0]
    # Two at once may both find none: the second meets the unique key and takes the first one's wallet.
    return Wallet.objects.get_or_create(account=opened, defaults={"child": child, "service_id": service_id})[0]


@operation
def open_wallets(*, owners: Sequence[tuple[int, int | None]]) -> dict[tuple[int, int | None], int]:
    """
    Open many wallets at once; one that is open already is found again.

    :param owners: (child, service), service None for all of them together
    :returns: the wallet by (child, service)
    """
    values: sql.Values = {
        "town": active_town_id(), "children": [child_id for child_id, _ in owners],
        "services": [service_id for _, service_id in owners],
    }  # fmt: skip
    sql.run(_OPEN_ACCOUNTS, values)
    sql.run(_OPEN_WALLETS, values)
    return {(child_id, service_id): wallet_id for child_id, service_id, wallet_id in sql.rows(statements.WALLETS, values)}


@operation
def hold_wallets(*, wallet_ids: Sequence[int]) -> None:
    """Lock wallets until the end of the transaction, always in the order of their ids."""
    sql.run(statements.HOLD, {"town": active_town_id(), "wallets": sorted(set(wallet_ids))})


@operation
def settle(*, dues: Sequence[Due], kind: str, day: date, memo: str, by_id: int | None, now: datetime) -> int:
    """
    Make what was charged for each source equal to what is due, posting only the differences.

    The same call again posts nothing. A correction, a late ISEE and a refund of a meal are this call with another amount.

    :param day: the day the entries speak of
    :returns: how many sources changed
    :raises SourceMoved: a source was charged to another wallet before
    """
    if not dues:
        return 0
    hold_wallets(wallet_ids=[due.wallet_id for due in dues])
    values = {
        "town": active_town_id(),
        "sources": [due.source for due in dues],
        "wallets": [due.wallet_id for due in dues],
        "revenues": [due.revenue_id for due in dues],
        "dues": [due.due.cents for due in dues],
        "kind": kind, "day": day, "memo": memo, "by": by_id, "now": now,
    }  # fmt: skip
    moved, changed = sql.row(statements.SETTLE, values) or (False, 0)
    if moved:
        raise SourceMoved
    return int(changed)


@operation
def post(*, movements: Sequence[Movement], kind: str, day: date, memo: str, by_id: int | None, now: datetime) -> list[str]:
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
        "amounts": [movement.amount.cents for movement in movements],
        "kind": kind, "day": day, "memo": memo, "by": by_id, "now": now,
    }  # fmt: skip
    return [source for (source,) in sql.rows(statements.POST, values)]


@operation
def move(*, passages: Sequence[Passage], day: date, memo: str, by_id: int | None, now: datetime) -> list[str]:
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
    return [source for (source,) in sql.rows(statements.MOVE, values)]


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
        "town": active_town_id(), "now": fresh[0].told_at,
        "wallets": [warning.wallet_id for warning in fresh], "levels": [warning.level for warning in fresh],
    }  # fmt: skip
    return [(a, b) for a, b in sql.rows(statements.WARN, values)]


GRAVITY: dict[rules.Level, int] = {"low": 0, "zero": 1, "floor": 2}


_OPEN_ACCOUNTS = """
insert into ledger_account (municipality_id, kind, code)
select distinct %(town)s, 'wallet', child_id || ':' || coalesce(service_id::text, '')
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
on conflict do nothing
"""

_OPEN_WALLETS = """
insert into ledger_wallet (municipality_id, account_id, child_id, service_id, balance_cents)
select distinct %(town)s, a.id, o.child_id, o.service_id, 0
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
  join ledger_account a on a.municipality_id = %(town)s and a.kind = 'wallet'
   and a.code = o.child_id || ':' || coalesce(o.service_id::text, '')
on conflict do nothing
"""
