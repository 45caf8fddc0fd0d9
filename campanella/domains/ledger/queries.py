"""Balances, movements, and the proof that the book holds together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.ledger.models import Entry, Transfer, Wallet
from campanella.domains.ledger.rules import EntryKind, Source
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class WalletView:
    """A wallet as everybody else sees it; ``service_id`` None serves all services together."""

    id: int
    child_id: int
    service_id: int | None
    service_name: str
    balance: Euro


@dataclass(frozen=True, slots=True)
class MovementLine:
    """
    One movement of a wallet, with the balance after it.

    :ivar booked_on: the day it is in the statement, in the order of commits
    :ivar day: the day it speaks of: a correction is booked later than the day it corrects
    """

    entry_id: int
    at: datetime
    booked_on: date
    day: date
    kind: EntryKind
    source: Source
    memo: str
    amount: Euro
    balance_after: Euro


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A wallet as an export tells it; ``service_code`` None serves all services together."""

    wallet_id: int
    child_tax_code: str
    child_code: str
    service_code: str | None
    balance: Euro


def wallets_of(*, child_ids: Sequence[int]) -> list[WalletView]:
    """Return the wallets of these children in the town's order of services: one query."""
    rows = Wallet.objects.filter(child_id__in=child_ids).select_related("service")
    return [_view(row) for row in rows.order_by("service__position", "id")]


def wallet(*, wallet_id: int) -> WalletView:
    """
    Return one wallet of the town.

    :raises NotFound: the town has no such wallet
    """
    row = Wallet.objects.filter(pk=wallet_id).select_related("service").first()
    if row is None:
        raise NotFound
    return _view(row)


def wallets_by_id(*, wallet_ids: Sequence[int]) -> list[WalletView]:
    """Return these wallets of the town, by id: one query."""
    return [_view(row) for row in Wallet.objects.filter(pk__in=wallet_ids).select_related("service").order_by("id")]


def balances() -> list[BalanceLine]:
    """Return every wallet of the town with its child's tax code, if known, and codes, oldest first: one query."""
    rows = Wallet.objects.order_by("id").values_list(
        "id", "child__tax_code", "child__code", "service__code", "balance_cents"
    )
    return [BalanceLine(pk, tax_code, code, service, Euro(cents)) for pk, tax_code, code, service, cents in rows]


def wallet_ids(*, child_ids: Sequence[int], service_id: int) -> dict[int, int]:
    """Return by child the wallet that pays a service: its own, else the common one. One query."""
    # The common wallet comes first and the service's own, where there is one, replaces it.
    return dict(sql.rows(_PAYING, [active_town_id(), list(child_ids), service_id]))


def movements_of(
    *,
    wallet_id: int,
    first: date | None = None,
    last: date | None = None,
    limit: int = 50,
    before_entry: int | None = None,
) -> list[MovementLine]:
    """
    Return a wallet's movements in the order of their commits, newest first, each with the balance after it.

    :param first: earliest day on which it was booked, included
    :param last: latest day on which it was booked, included
    :param before_entry: go on after this entry, for the next page
    """
    values = {
        "town": active_town_id(),
        "wallet": wallet_id,
        "first": first,
        "last": last,
        "limit": limit,
        "before": before_entry,
    }
    return [
        MovementLine(pk, at, booked_on, day, kind, Source(source), memo, Euro(cents), Euro(after))
        for pk, at, booked_on, day, kind, source, memo, cents, after in sql.rows(_MOVEMENTS, values)
    ]


@dataclass(frozen=True, slots=True)
class Account:
    """
    What a wallet did between two days: opening and all sums make the closing.

    :ivar sums: by kind and whether it was taken out, what was booked in between
    """

    opening: Euro
    sums: dict[tuple[EntryKind, bool], Euro]
    closing: Euro


def account_of(*, wallet_id: int, first: date, last: date) -> Account:
    """Return the account of a wallet between two days, both included, as ``movements_of`` books them: one query."""
    values = {"town": active_town_id(), "wallet": wallet_id, "first": first, "last": last}
    rows = sql.rows(_ACCOUNT, values)
    opening = sum(before for _, _, before, _ in rows)
    sums = {(kind, is_taken): cents for kind, is_taken, _, cents in rows if cents is not None}
    return Account(Euro(opening), {key: Euro(cents) for key, cents in sums.items()}, Euro(opening + sum(sums.values())))


@dataclass(frozen=True)
class Moment:
    """Where a wallet stood right after an entry, whatever followed; no entry is before the first one."""

    entry_id: int | None
    balance: Euro


def moment_of(*, wallet_id: int, source: str) -> Moment | None:
    """
    Return where a wallet stood right after what a source moved in it; None when it moved nothing there. One query.

    Entries of one wallet are written under its lock, so the order of their ids is the order in which they happened.
    """
    return _moment({"wallet": wallet_id, "source": source})


def last_moment_of(*, wallet_id: int) -> Moment:
    """Return where a wallet stands after its last entry: one query."""
    return _moment({"wallet": wallet_id, "source": None}) or Moment(None, Euro(0))


def last_moved_by(*, wallet_ids: Sequence[int], kind: EntryKind) -> set[int]:
    """Return those of these wallets whose last entry is of a kind: one query, none without wallets."""
    values = {"town": active_town_id(), "wallets": list(wallet_ids), "kind": kind}
    return {pk for (pk,) in sql.rows(_LAST_MOVED_BY, values)} if wallet_ids else set()


def _moment(values: dict[str, object]) -> Moment | None:
    found = sql.row(_MOMENT, {"town": active_town_id(), **values})
    return Moment(found[0], Euro(int(found[1]))) if found and found[0] is not None else None


@dataclass(frozen=True)
class Step:
    """One posting of a fact into a wallet: what was taken (negative) or given back."""

    at: datetime
    amount: Euro


def steps_of(*, source: Source) -> list[Step]:
    """Return what a fact has moved in its wallet, charge and corrections, oldest first: one query."""
    rows = Transfer.objects.filter(entry__source=source).order_by("entry__revision", "id")
    return [
        Step(at, Euro(-cents if kind == "wallet" else cents))
        for at, cents, kind in rows.values_list("entry__at", "cents", "debit__kind")
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """
    An opening balance, a debt negative, and whose wallet has it.

    :ivar service_id: the one it was brought for; None when a wallet for all services does not say
    """

    child_id: int
    service_id: int | None
    amount: Euro


def openings() -> dict[Source, Opening]:
    """
    Return the opening balances of the town by source: four queries.

    One table each, joined here: right after an import the planner knows nothing of its rows, and a join may take minutes.
    """
    town = active_town_id()
    sources = dict(sql.rows("select id, source from ledger_entry where municipality_id = %s and kind = 'opening'", [town]))
    others = {
        pk for (pk,) in sql.rows("select id from ledger_account where municipality_id = %s and kind = 'opening'", [town])
    }
    wallets = {
        account_id: (child_id, service_id)
        for account_id, child_id, service_id in sql.rows(
            "select account_id, child_id, service_id from ledger_wallet where municipality_id = %s", [town]
        )
    }
    found: dict[str, int] = {}
    owners: dict[str, tuple[int, int | None]] = {}
    for entry_id, debit_id, credit_id, cents in sql.rows(_OPENED, [town, list(sources)]):
        source, is_credit = sources[entry_id], debit_id in others
        found[source] = found.get(source, 0) + (cents if is_credit else -cents)
        child_id, service_id = wallets[credit_id if is_credit else debit_id]
        owners[source] = (child_id, service_id or Source(source).carried_service_id)
    return {Source(source): Opening(*owners[source], Euro(cents)) for source, cents in found.items()}


def charged_for(*, sources: Sequence[Source]) -> dict[Source, Euro]:
    """Return what each source has taken from its wallet so far; a source never charged is missing. One query."""
    rows = sql.rows(_CHARGED, {"town": active_town_id(), "sources": list(sources)})
    return {Source(source): Euro(int(cents)) for source, cents in rows}


def is_posted(*, source: Source) -> bool:
    """Tell whether something was posted for a source."""
    return Entry.objects.filter(source=source).exists()


def _view(row: Wallet) -> WalletView:
    name = row.service.name if row.service else "Tutti i servizi"
    return WalletView(row.pk, row.child_id, row.service_id, name, Euro(row.balance_cents))


_PAYING = """
select child_id, id from ledger_wallet
 where municipality_id = %s and child_id = any(%s) and (service_id = %s or service_id is null)
 order by service_id nulls first
"""

# The one clock of a statement is the order of commits, which a wallet's lock gives its entries: their ids. ``at`` is when a
# request began, so an entry may carry an earlier instant than the one before it: it is booked no earlier than that one.
_BOOKED = """
with mine as (
  select e.id, e.at, e.day, e.kind, e.source, e.memo,
         sum(case when t.credit_id = w.account_id then t.cents else -t.cents end)::bigint as cents
    from ledger_wallet w
    join ledger_transfer t on t.municipality_id = w.municipality_id and w.account_id in (t.debit_id, t.credit_id)
    join ledger_entry e on e.municipality_id = w.municipality_id and e.id = t.entry_id
   where w.municipality_id = %(town)s and w.id = %(wallet)s
   group by e.id, e.at, e.day, e.kind, e.source, e.memo
), booked as (
  select *, (sum(cents) over (order by id))::bigint as after,
         (max(at) over (order by id) at time zone 'Europe/Rome')::date as booked_on
    from mine
)
"""

_MOVEMENTS = (
    _BOOKED
    + """
select id, at, booked_on, day, kind, source, memo, cents, after from booked
 where (%(first)s::date is null or booked_on >= %(first)s) and (%(last)s::date is null or booked_on <= %(last)s)
   and (%(before)s::bigint is null or id < %(before)s)
 order by id desc limit %(limit)s
"""
)

_ACCOUNT = (
    _BOOKED
    + """
select kind, cents < 0, coalesce(sum(cents) filter (where booked_on < %(first)s), 0)::bigint,
       (sum(cents) filter (where booked_on >= %(first)s))::bigint
  from booked where booked_on <= %(last)s group by kind, cents < 0
"""
)

_MOMENT = """
with moved as (
  select t.entry_id, case when t.credit_id = w.account_id then t.cents else -t.cents end as cents
    from ledger_wallet w
    join ledger_transfer t on t.municipality_id = w.municipality_id and w.account_id in (t.debit_id, t.credit_id)
   where w.municipality_id = %(town)s and w.id = %(wallet)s
), last as (
  select max(m.entry_id) as entry_id from moved m
    join ledger_entry e on e.municipality_id = %(town)s and e.id = m.entry_id
   where %(source)s::text is null or e.source = %(source)s
)
select last.entry_id, sum(moved.cents) from last join moved on moved.entry_id <= last.entry_id group by last.entry_id
"""

_LAST_MOVED_BY = """
select w.id
  from ledger_wallet w
  join ledger_entry e on e.municipality_id = w.municipality_id and e.kind = %(kind)s and e.id = greatest(
         (select max(t.entry_id) from ledger_transfer t
           where t.municipality_id = w.municipality_id and t.credit_id = w.account_id),
         (select max(t.entry_id) from ledger_transfer t
           where t.municipality_id = w.municipality_id and t.debit_id = w.account_id))
 where w.municipality_id = %(town)s and w.id = any(%(wallets)s)
"""

_CHARGED = """
select e.source, sum(case when d.kind = 'wallet' then t.cents else -t.cents end)
  from ledger_entry e
  join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
  join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
 where e.municipality_id = %(town)s and e.source = any(%(sources)s)
 group by e.source
"""

_OPENED = """
select entry_id, debit_id, credit_id, cents from ledger_transfer where municipality_id = %s and entry_id = any(%s)
"""
