"""Who takes money where, what was taken, and how each day was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from campanella.domains.cash import rules
from campanella.domains.cash.models import CashPoint as CashPoint
from campanella.domains.cash.models import CashSession as CashSession
from campanella.domains.cash.models import CashTopUp, CashVoid, PointOperator, TopUpCode
from campanella.domains.cash.words import MEANS_WORDS
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class TopUpView:
    """
    Money that was taken.

    :ivar receipt: the number of its receipt
    :ivar voided_at: when it was undone, if it was
    """

    id: int
    point_id: int
    point_name: str
    session_id: int
    wallet_id: int
    receipt: str
    means: rules.Means
    amount: Euro
    taken_at: datetime
    by_label: str
    voided_at: datetime | None
    void_by: str
    void_why: str

    @property
    def means_words(self) -> str:
        """How it was paid, in words."""
        return MEANS_WORDS[self.means]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a session has taken by now, voids left out; ``voided`` counts them."""

    cash: Euro
    card: Euro
    count: int
    voided: int

    @property
    def all(self) -> Euro:
        """All of it."""
        return self.cash + self.card


def wallet_of_code(*, code: str) -> int:
    """
    Return whose wallet a code is.

    :raises NotFound: nobody's in this town
    """
    found = TopUpCode.objects.filter(code=code).values_list("wallet_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def codes(*, wallet_ids: Sequence[int]) -> dict[int, str]:
    """Return the codes that these wallets have: one query."""
    return dict(TopUpCode.objects.filter(wallet_id__in=list(wallet_ids)).values_list("wallet_id", "code"))


def points() -> list[CashPoint]:
    """Return the cash points, those that are no more last: one query."""
    return sorted(CashPoint.objects.order_by("number"), key=lambda point: point.closed_at is not None)


def open_points() -> list[CashPoint]:
    """Return where families may pay now: one query."""
    return list(CashPoint.objects.filter(closed_at=None).order_by("number"))


def point(*, point_id: int) -> CashPoint:
    """
    Return a cash point.

    :raises NotFound: the town has none of this id
    """
    found = CashPoint.objects.filter(pk=point_id).first()
    if found is None:
        raise NotFound
    return found


def point_of(*, user_id: int) -> CashPoint | None:
    """Return where somebody takes money, None where nowhere or where the point is no more: one query."""
    return CashPoint.objects.filter(operators__user=user_id, operators__until=None, closed_at=None).first()


def operators() -> dict[int, list[PointOperator]]:
    """Return by point who takes money there now: one query."""
    found: dict[int, list[PointOperator]] = {}
    for one in PointOperator.objects.filter(until=None).select_related("user").order_by("user__display_name", "id"):
        found.setdefault(one.point_id, []).append(one)
    return found


def open_session(*, point_id: int) -> CashSession | None:
    """Return the till of a point that is open: one query."""
    return CashSession.objects.filter(point=point_id, closed_at=None).first()


def session(*, session_id: int) -> CashSession:
    """
    Return a session with its point.

    :raises NotFound: the town has none of this id
    """
    found = CashSession.objects.filter(pk=session_id).select_related("point").first()
    if found is None:
        raise NotFound
    return found


def taken(*, session_id: int) -> Taken:
    """Return what a session has taken by now: one query."""
    stands = ~Exists(CashVoid.objects.filter(top_up=OuterRef("pk")))
    sums = (
        CashTopUp.objects.filter(session=session_id)
        .annotate(stands=stands)
        .aggregate(
            cash=Sum("cents", filter=Q(means="cash", stands=True)),
            card=Sum("cents", filter=Q(means="card", stands=True)),
            count=Count("pk", filter=Q(stands=True)),
            voided=Count("pk", filter=Q(stands=False)),
        )
    )
    return Taken(Euro(sums["cash"] or 0), Euro(sums["card"] or 0), sums["count"], sums["voided"])


def top_up(*, top_up_id: int) -> TopUpView:
    """
    Return what was taken once.

    :raises NotFound: the town has none of this id
    """
    for found in _views(CashTopUp.objects.filter(pk=top_up_id)):
        return found
    raise NotFound


def top_ups(*, top_up_ids: Sequence[int]) -> dict[int, TopUpView]:
    """Return these top-ups by id: two queries."""
    return {one.id: one for one in _views(CashTopUp.objects.filter(pk__in=list(top_up_ids)))}


def top_up_of_form(*, key: str) -> TopUpView | None:
    """Return what a form has booked already."""
    return next(iter(_views(CashTopUp.objects.filter(key=key))), None)


def last_of(*, session_id: int, limit: int) -> list[TopUpView]:
    """Return what a session took last, newest first: two queries."""
    return _views(CashTopUp.objects.filter(session=session_id).order_by("-id")[:limit])


def taken_between(*, first: date, last: date, point_id: int | None = None) -> list[TopUpView]:
    """Return what was taken in sessions of these days, both included, oldest first: two queries."""
    rows = CashTopUp.objects.filter(session__day__gte=first, session__day__lte=last)
    return _views((rows if point_id is None else rows.filter(point=point_id)).order_by("id"))


def _views(rows: "QuerySet[CashTopUp]") -> list[TopUpView]:
    found = list(rows.select_related("point"))
    voids = {one.top_up_id: one for one in CashVoid.objects.filter(top_up__in=[row.pk for row in found])} if found else {}
    return [_view(row, voids.get(row.pk)) for row in found]


def _view(row: CashTopUp, void: CashVoid | None) -> TopUpView:
    return TopUpView(
        id=row.pk,
        point_id=row.point_id,
        point_name=row.point.name,
        session_id=row.session_id,
        wallet_id=row.wallet_id,
        receipt=rules.receipt_number(point=row.point.number, number=row.number),
        means=next(means for means in rules.MEANS if means == row.means),
        amount=Euro(row.cents),
        taken_at=row.taken_at,
        by_label=row.by_label,
        voided_at=void.at if void else None,
        void_by=void.by_label if void else "",
        void_why=void.why if void else "",
    )
