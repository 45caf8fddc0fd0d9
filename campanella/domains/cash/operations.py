"""Cash points and their people, as the office keeps them; what they hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from campanella.domains.cash import settled
from campanella.domains.cash.models import CashPoint, PointOperator, SettledClose, Settlement, SettlementPaid
from campanella.domains.cash.rules import PointKind
from campanella.domains.cash.till import hold_point
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation


class TillOpen(Refusal):
    """A point with an open till cannot be given up."""

    message = "La cassa di questo punto è ancora aperta: prima va chiusa la giornata."


class NothingToSettle(Refusal):
    """Every closed day until then is settled already."""

    message = "Fino a quel giorno non c’è nessuna giornata chiusa da riversare."


class AlreadyPaid(Refusal):
    """A settlement has arrived before."""

    message = "Questo riversamento risulta già arrivato."


@dataclass(frozen=True, slots=True)
class PointData:
    """What the office says of a cash point."""

    name: str
    address: str
    kind: PointKind
    takes_cash: bool
    takes_card: bool


@operation
def add_point(*, data: PointData) -> CashPoint:
    """Open a cash point, with the next number of the town."""
    last = CashPoint.objects.aggregate(last=Max("number"))["last"] or 0
    return CashPoint.objects.create(number=last + 1, **_columns(data))


@operation
def change_point(*, point_id: int, data: PointData) -> CashPoint:
    """Write down what has changed of a cash point; its number stays, it is on paper."""
    point = hold_point(point_id=point_id)
    for column, value in _columns(data).items():
        setattr(point, column, value)
    point.save(update_fields=list(_columns(data)))
    return point


@operation
def set_operators(*, point_id: int, user_ids: Sequence[int], now: datetime) -> None:
    """Let exactly these people take money at a point from now on; who stood at another one leaves it."""
    wanted = set(user_ids)
    here = PointOperator.objects.filter(until=None, point=point_id)
    here.exclude(user__in=wanted).update(until=now)
    known = set(here.filter(user__in=wanted).values_list("user_id", flat=True))
    PointOperator.objects.filter(until=None, user__in=wanted - known).update(until=now)
    PointOperator.objects.bulk_create(
        PointOperator(point_id=point_id, user_id=user_id, since=now) for user_id in sorted(wanted - known)
    )


@operation
def close_point(*, point_id: int, now: datetime) -> CashPoint:
    """
    Give a cash point up: nobody takes money there any more.

    :raises TillOpen: its till is not counted yet
    """
    point = hold_point(point_id=point_id)
    if point.sessions.filter(closed_at=None).exists():
        raise TillOpen
    CashPoint.objects.filter(pk=point_id, closed_at=None).update(closed_at=now)
    PointOperator.objects.filter(until=None, point=point_id).update(until=now)
    return point


@operation
def settle(*, by: Actor, point_id: int, last: date, now: datetime) -> Settlement:
    """
    Make a settlement of every closed day of a point until one, included, that has none yet; no fee is kept.

    :raises NothingToSettle: there is none
    """
    point = hold_point(point_id=point_id)
    closes = settled.unsettled(point_id=point_id, last=last)
    if not closes:
        raise NothingToSettle
    made = Settlement.objects.create(
        point=point,
        number=(point.settlements.aggregate(last=Max("number"))["last"] or 0) + 1,
        first=closes[0].day,
        last=closes[-1].day,
        cash_cents=sum(close.cash.cents for close in closes),
        card_cents=sum(close.card.cents for close in closes),
        made_at=now,
        by_id=by.actor_id,
        by_label=by.actor_label[:120],
    )
    SettledClose.objects.bulk_create(SettledClose(settlement=made, close_id=close.id) for close in closes)
    return made


@operation
def note_paid(*, by: Actor, settlement_id: int, day: date, reference: str, now: datetime) -> SettlementPaid:
    """
    Note that the money of a settlement has arrived.

    :raises AlreadyPaid: it is noted already
    """
    found = Settlement.objects.get(pk=settlement_id)
    hold_point(point_id=found.point_id)
    if SettlementPaid.objects.filter(settlement=found).exists():
        raise AlreadyPaid
    return SettlementPaid.objects.create(
        settlement=found, day=day, reference=reference, at=now, by_id=by.actor_id, by_label=by.actor_label[:120]
    )


def _columns(data: PointData) -> dict[str, object]:
    return {
        "name": data.name,
        "address": data.address,
        "kind": data.kind,
        "takes_cash": data.takes_cash,
        "takes_card": data.takes_card,
    }
