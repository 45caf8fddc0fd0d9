"""
Posting: the only place where money moves.

Every posting is set-based: one statement locks the wallets in order, one writes entries, transfers and balances. A source
that was posted before is recognised by its retry key and changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.ledger import rules
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
    return {(child_id, service_id): wallet_id for child_id, service_id, wallet_id in sql.rows(_WALLETS, values)}


@operation
def hold_wallets(*, wallet_ids: Sequence[int]) -> None:
    """Lock wallets until the end of the transaction, always in the order of their ids."""
    sql.run(_HOLD, {"town": active_town_id(), "wallets": sorted(set(wallet_ids))})


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
    moved, changed = sql.row(_SETTLE, values) or (False, 0)
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
    return [source for (source,) in sql.rows(_POST, values)]


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
    return [source for (source,) in sql.rows(_MOVE, values)]


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
    return [(a, b) for a, b in sql.rows(_WARN, values)]


GRAVITY: dict[rules.Level, int] = {"low": 0, "zero": 1, "floor": 2}

_WARN = """
insert into ledger_creditwarning (municipality_id, wallet_id, level, told_at)
select %(town)s, wallet_id, level, %(now)s from unnest(%(wallets)s::bigint[], %(levels)s::text[]) as w(wallet_id, level)
on conflict do nothing returning wallet_id, level
"""

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

_WALLETS = """
select w.child_id, w.service_id, w.id
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
  join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = o.child_id
   and w.service_id is not distinct from o.service_id
"""

_HOLD = """
select id from ledger_wallet
 where municipality_id = %(town)s and id = any(%(wallets)s) order by id for no key update
"""

# What was charged so far is what the source's transfers took from the wallet, less what they gave back. "offset 0" keeps
# the look-ups what they are, one by source and one by entry: without it a planner that has no statistics of a new town
# believes that it has one row, and multiplies all of its entries with all of its transfers.
_SETTLE = """
with due as (
  select * from unnest(%(sources)s::text[], %(wallets)s::bigint[], %(revenues)s::bigint[], %(dues)s::bigint[])
         as d(source, wallet_id, revenue_id, due)
), held as (
  select d.*, w.account_id from due d join ledger_wallet w on w.municipality_id = %(town)s and w.id = d.wallet_id
), before as (
  select e.source, max(e.revision) as revision,
         sum(case when t.debit_id = h.account_id then t.cents when t.credit_id = h.account_id then -t.cents end) as charged,
         bool_or(h.account_id not in (t.debit_id, t.credit_id)) as moved
    from held h
    cross join lateral (
      select id, source, revision from ledger_entry where municipality_id = %(town)s and source = h.source offset 0) e
    cross join lateral (
      select debit_id, credit_id, cents from ledger_transfer where municipality_id = %(town)s and entry_id = e.id offset 0) t
   group by e.source
), delta as (
  select h.*, h.due - coalesce(b.charged, 0) as cents, coalesce(b.revision + 1, 0) as revision,
         nextval('ledger_entry_id_seq') as entry_id
    from held h left join before b on b.source = h.source
   where h.due <> coalesce(b.charged, 0) and not coalesce(b.moved, false)
), entry as (
  insert into ledger_entry (id, municipality_id, at, kind, source, revision, day, memo, by_id)
  select entry_id, %(town)s, %(now)s, %(kind)s, source, revision, %(day)s, %(memo)s, %(by)s from delta
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id,
         case when cents > 0 then account_id else revenue_id end,
         case when cents > 0 then revenue_id else account_id end, abs(cents)
    from delta
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents - s.cents
    from (select wallet_id, sum(cents) as cents from delta group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select coalesce((select bool_or(moved) from before), false), (select count(*) from delta)
"""

_POST = """
with movement as (
  select m.*, w.account_id
    from unnest(%(sources)s::text[], %(wallets)s::bigint[], %(others)s::bigint[], %(amounts)s::bigint[])
         as m(source, wallet_id, other_id, cents)
    join ledger_wallet w on w.municipality_id = %(town)s and w.id = m.wallet_id
   where m.cents <> 0
), entry as (
  insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo, by_id)
  select %(town)s, %(now)s, %(kind)s, source, 0, %(day)s, %(memo)s, %(by)s from movement
  on conflict (municipality_id, source, revision) do nothing
  returning id, source
), fresh as (
  select m.*, e.id as entry_id from movement m join entry e on e.source = m.source
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id,
         case when cents > 0 then other_id else account_id end,
         case when cents > 0 then account_id else other_id end, abs(cents)
    from fresh
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents + s.cents
    from (select wallet_id, sum(cents) as cents from fresh group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select source from fresh
"""

_MOVE = """
with passage as (
  select p.*, g.account_id as debit_id, r.account_id as credit_id
    from unnest(%(sources)s::text[], %(givers)s::bigint[], %(takers)s::bigint[], %(amounts)s::bigint[])
         as p(source, giver_id, taker_id, cents)
    join ledger_wallet g on g.municipality_id = %(town)s and g.id = p.giver_id
    join ledger_wallet r on r.municipality_id = %(town)s and r.id = p.taker_id
), entry as (
  insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo, by_id)
  select %(town)s, %(now)s, 'transfer', source, 0, %(day)s, %(memo)s, %(by)s from passage
  on conflict (municipality_id, source, revision) do nothing
  returning id, source
), fresh as (
  select p.*, e.id as entry_id from passage p join entry e on e.source = p.source
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id, debit_id, credit_id, cents from fresh
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents + s.cents
    from (select wallet_id, sum(cents) as cents
            from (select giver_id as wallet_id, -cents as cents from fresh
                  union all select taker_id, cents from fresh) sides group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select source from fresh
"""
