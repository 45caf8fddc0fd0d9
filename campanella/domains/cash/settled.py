"""How each day of a cash point was counted, and what of it was handed over to the town."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from campanella.domains.cash.models import CashClose, SettledClose, Settlement, SettlementPaid
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class CloseView:
    """
    A day of a cash point as it was counted.

    :ivar cash: taken in cash; ``counted`` what lay in the till above its float
    :ivar slip: what the card terminal's own slip says, None where nobody looked
    """

    id: int
    session_id: int
    point_id: int
    point_name: str
    day: date
    at: datetime
    by_label: str
    cash: Euro
    counted: Euro
    card: Euro
    slip: Euro | None
    note: str

    @property
    def cash_off(self) -> Euro:
        """By how much the till is off: below zero money is missing."""
        return self.counted - self.cash

    @property
    def card_off(self) -> Euro:
        """By how much the terminal's slip is off."""
        return Euro(0) if self.slip is None else self.slip - self.card

    @property
    def is_even(self) -> bool:
        """Tell whether all of it balances."""
        return not self.cash_off.cents and not self.card_off.cents


@dataclass(frozen=True, slots=True)
class SettlementView:
    """What a cash point owes the town for some days; ``paid_on`` since when it has arrived."""

    id: int
    point_id: int
    point_name: str
    number: int
    first: date
    last: date
    cash: Euro
    card: Euro
    fee: Euro
    made_at: datetime
    by_label: str
    paid_on: date | None
    reference: str

    @property
    def due(self) -> Euro:
        """What is handed over: all of it, less the fee."""
        return self.cash + self.card - self.fee


def close_of(*, session_id: int) -> CloseView:
    """
    Return how a session was counted.

    :raises NotFound: it is not closed, or not of this town
    """
    for found in _closes(CashClose.objects.filter(session=session_id)):
        return found
    raise NotFound


def closes(*, first: date, last: date, point_id: int | None = None) -> list[CloseView]:
    """Return the closes of sessions of these days, both included, newest first: one query."""
    rows = CashClose.objects.filter(session__day__gte=first, session__day__lte=last)
    return _closes((rows if point_id is None else rows.filter(session__point=point_id)).order_by("-id"))


def unsettled(*, point_id: int, last: date) -> list[CloseView]:
    """Return the closes of a point until a day, included, that no settlement has, oldest first: one query."""
    settled = Exists(SettledClose.objects.filter(close=OuterRef("pk")))
    rows = CashClose.objects.filter(session__point=point_id, session__day__lte=last).exclude(settled)
    return _closes(rows.order_by("session__day", "id"))


def settlement(*, settlement_id: int) -> SettlementView:
    """
    Return a settlement.

    :raises NotFound: the town has none of this id
    """
    for found in _settlements(Settlement.objects.filter(pk=settlement_id)):
        return found
    raise NotFound


def settlements(*, point_id: int | None = None, limit: int = 50) -> list[SettlementView]:
    """Return the last settlements, newest first: two queries."""
    rows = Settlement.objects.all() if point_id is None else Settlement.objects.filter(point=point_id)
    return _settlements(rows.order_by("-id")[:limit])


def closes_of(*, settlement_id: int) -> list[CloseView]:
    """Return the closed days of a settlement, oldest first: one query."""
    return _closes(CashClose.objects.filter(settled__settlement=settlement_id).order_by("session__day", "id"))


def _closes(rows: "QuerySet[CashClose]") -> list[CloseView]:
    return [
        CloseView(
            id=row.pk,
            session_id=row.session_id,
            point_id=row.session.point_id,
            point_name=row.session.point.name,
            day=row.session.day,
            at=row.at,
            by_label=row.by_label,
            cash=Euro(row.cash_cents),
            counted=Euro(row.counted_cents),
            card=Euro(row.card_cents),
            slip=None if row.slip_cents is None else Euro(row.slip_cents),
            note=row.note,
        )
        for row in rows.select_related("session__point")
    ]


def _settlements(rows: "QuerySet[Settlement]") -> list[SettlementView]:
    found: Sequence[Settlement] = list(rows.select_related("point"))
    ids = [row.pk for row in found]
    paid = {one.settlement_id: one for one in SettlementPaid.objects.filter(settlement__in=ids)} if ids else {}
    return [
        SettlementView(
            id=row.pk,
            point_id=row.point_id,
            point_name=row.point.name,
            number=row.number,
            first=row.first,
            last=row.last,
            cash=Euro(row.cash_cents),
            card=Euro(row.card_cents),
            fee=Euro(row.fee_cents),
            made_at=row.made_at,
            by_label=row.by_label,
            paid_on=paid[row.pk].day if row.pk in paid else None,
            reference=paid[row.pk].reference if row.pk in paid else "",
        )
        for row in found
    ]
