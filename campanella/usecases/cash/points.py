"""The office keeps the cash points: which there are, who takes money there, what they have handed over."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.roles import Role
from campanella.domains.cash import operations, queries, settled
from campanella.domains.cash.models import CashPoint
from campanella.domains.cash.operations import PointData
from campanella.domains.cash.settled import SettlementView
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case

audit.sentences(
    {
        "cash_point.added": "ha aperto il punto di ricarica {name}",
        "cash_point.changed": "ha cambiato il punto di ricarica {name}",
        "cash_point.operators": "ha detto chi incassa da {name}: {people}",
        "cash_point.closed": "ha chiuso il punto di ricarica {name}",
        "cash.settled": "ha fatto il riversamento n. {number} di {name}: {amount}",
        "cash.paid": "ha registrato l’arrivo del riversamento n. {number} di {name}: {amount}",
    }
)


@use_case
def add(*, by: Actor, data: PointData, user_ids: Sequence[int], now: datetime) -> CashPoint:
    """Open a cash point with its people."""
    point = operations.add_point(data=data)
    _record(by, "cash_point.added", point.pk, {"name": point.name}, now)
    _let(by=by, point=point, user_ids=user_ids, now=now)
    return point


@use_case
def change(*, by: Actor, point_id: int, data: PointData, user_ids: Sequence[int], now: datetime) -> CashPoint:
    """Change a cash point, and who takes money there; only who has the access of a cash point can."""
    point = operations.change_point(point_id=point_id, data=data)
    _record(by, "cash_point.changed", point_id, {"name": point.name}, now)
    _let(by=by, point=point, user_ids=user_ids, now=now)
    return point


@use_case
def close(*, by: Actor, point_id: int, now: datetime) -> CashPoint:
    """
    Give a cash point up.

    :raises operations.TillOpen: its till is not counted yet
    """
    point = operations.close_point(point_id=point_id, now=now)
    _record(by, "cash_point.closed", point_id, {"name": point.name}, now)
    return point


@use_case
def settle(*, by: Actor, point_id: int, last: date, now: datetime) -> SettlementView:
    """
    Make the settlement of what a point has taken until a day, included.

    :raises operations.NothingToSettle: no closed day waits
    """
    made = operations.settle(by=by, point_id=point_id, last=last, now=now)
    view = settled.settlement(settlement_id=made.pk)
    _record(by, "cash.settled", point_id, _said(view), now)
    return view


@use_case
def note_paid(*, by: Actor, settlement_id: int, day: date, reference: str, now: datetime) -> SettlementView:
    """
    Note that a settlement has arrived at the town.

    :raises operations.AlreadyPaid: it is noted already
    """
    found = settled.settlement(settlement_id=settlement_id)
    operations.note_paid(by=by, settlement_id=settlement_id, day=day, reference=reference, now=now)
    _record(by, "cash.paid", found.point_id, _said(found), now, why=reference)
    return settled.settlement(settlement_id=settlement_id)


def cashiers() -> list[tuple[int, str]]:
    """Return who may be let take money: everybody with the access of a cash point, by name. One query."""
    return [(one.pk, one.display_name) for one in users.staff() if one.is_active and one.has_role(Role.CASHIER)]


def _let(*, by: Actor, point: CashPoint, user_ids: Sequence[int], now: datetime) -> None:
    names = dict(cashiers())
    wanted = [pk for pk in names if pk in set(user_ids)]
    before = {one.user_id for one in queries.operators().get(point.pk, [])}
    if before != set(wanted):
        operations.set_operators(point_id=point.pk, user_ids=wanted, now=now)
        people = ", ".join(names[pk] for pk in wanted) or "nessuno"
        _record(by, "cash_point.operators", point.pk, {"name": point.name, "people": people}, now)


def _said(view: SettlementView) -> dict[str, str | int]:
    return {"number": view.number, "name": view.point_name, "amount": str(view.due)}


def _record(by: Actor, action: str, point_id: int, data: dict[str, str | int], now: datetime, why: str = "") -> None:
    audit.record(by=by, action=action, subjects=[f"cash_point:{point_id}"], at=now, data=data, why=why)
