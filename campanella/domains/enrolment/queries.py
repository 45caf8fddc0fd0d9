"""Who is enrolled, at what price, and what the kitchen must know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import BooleanField, Count, Value

from campanella.domains.enrolment.models import Diet, DietProposal, DietRead, Subscription
from campanella.domains.enrolment.rules import AHEAD, Expiry, expiry
from campanella.domains.enrolment.statements import without_price
from campanella.domains.people import queries as people
from campanella.domains.services import rules
from campanella.domains.services.models import Service
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Enrolled:
    """A child's subscription to a service, with its price a day and why."""

    id: int
    child_id: int
    service_id: int
    bracket_id: int
    service_code: str
    service_name: str
    kind: str
    unit: str
    units: str
    bracket_name: str
    reduction_percent: int
    price: Euro
    first: date
    end: date | None
    # The days of the week on which the child uses it, bit 0 is Monday; the school's and the class's hold as well.
    weekdays: int = 127
    # The season of its price list, and the first day after it.
    season: tuple[date, date] = (date.min, date.max)
    # Its price follows from a tariff that is reckoned; None where the office has chosen the price.
    reckoned_by: int | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the child uses the service on a day."""
        return self.first <= day and (self.end is None or day < self.end)

    def price_on(self, day: date) -> Euro | None:
        """Return what a day costs; None where the child does not use it, or its price list does not hold."""
        return self.price if self.holds_on(day) and self.season[0] <= day < self.season[1] else None

    @property
    def last(self) -> date | None:
        """The last day with the service, None while it lasts."""
        return self.end - timedelta(days=1) if self.end else None


def payers_by_tariff() -> dict[int, int]:
    """Return how many children pay, paid or will pay the prices of each tariff: one query."""
    rows = Subscription.objects.values("bracket__tariff_id").annotate(children=Count("child_id", distinct=True))
    return {row["bracket__tariff_id"]: row["children"] for row in rows}


def enrolled(*, child_ids: Sequence[int], day: date) -> list[Enrolled]:
    """Return the services each of these children uses on a day: one query, in the town's order."""
    rows = Subscription.objects.filter(child_id__in=child_ids, days__contains=day)
    return [
        _enrolled(row) for row in rows.select_related("service", "bracket__tariff").order_by("service__position", "child_id")
    ]


def enrolled_from(*, child_ids: Sequence[int], day: date) -> list[Enrolled]:
    """Return the services each of these children uses on a day or will use later: one query."""
    rows = Subscription.objects.filter(child_id__in=child_ids, days__overlap=DateRange(day, None))
    return [_enrolled(row) for row in rows.select_related("service", "bracket__tariff").order_by("service__position", "id")]


def users_of(*, service_id: int, day: date) -> list[int]:
    """Return the children that use a service on a day, or will use it later, by id: one query."""
    rows = Subscription.objects.filter(service_id=service_id, days__overlap=DateRange(day, None))
    return sorted(set(rows.values_list("child_id", flat=True)))


def paid_by(*, enrolled: Sequence[Enrolled], child_id: int, service_id: int | None) -> list[Enrolled]:
    """
    Return what a wallet pays for: its own service or, when it pays for all of them, each one the child uses.

    :param service_id: the wallet's; None when it pays for all
    """
    return [line for line in enrolled if line.child_id == child_id and service_id in (None, line.service_id)]


def subscriptions_of(*, child_id: int) -> list[Enrolled]:
    """Return all subscriptions of a child, past and present, newest first."""
    rows = Subscription.objects.filter(child_id=child_id).select_related("service", "bracket__tariff")
    return [_enrolled(row) for row in rows.order_by("-days", "service__position")]


def lines(*, subscription_ids: Sequence[int]) -> list[Enrolled]:
    """Return these subscriptions: one query."""
    rows = Subscription.objects.filter(pk__in=subscription_ids).select_related("service", "bracket__tariff")
    return [_enrolled(row) for row in rows]


def uses_of(*, child_ids: Sequence[int], service_id: int) -> list[Enrolled]:
    """Return all subscriptions of these children to a service, past and present: one query."""
    rows = Subscription.objects.filter(child_id__in=child_ids, service_id=service_id).select_related(
        "service", "bracket__tariff"
    )
    return [_enrolled(row) for row in rows]


def diet_reads(*, child_id: int, limit: int = 20) -> list[tuple[datetime, int]]:
    """Return when the reason of a child's diets was opened, and by which user, newest first: one query."""
    rows = DietRead.objects.filter(diet__child_id=child_id).order_by("-at", "-id")
    return list(rows.values_list("at", "user_id")[:limit])


def prices(*, child_ids: Sequence[int], service: Service, day: date) -> dict[int, Euro]:
    """
    Return the price of a day of presence by child. One query.

    A child that is not enrolled is missing, as one whose price list does not hold that day: it is served, and charged once
    the office has given it a price of its season.
    """
    values = {"town": active_town_id(), "children": list(child_ids), "service": service.pk, "day": day}
    rows = sql.rows(_PRICES, values)
    # A town has thousands of children and a handful of prices.
    prices = {
        (cents, reduction): rules.price(full=Euro(cents), reduction_percent=reduction)
        for cents, reduction in {(cents, reduction) for _, cents, reduction in rows}
    }
    return {child_id: prices[cents, reduction] for child_id, cents, reduction in rows}


def diets_served(*, child_ids: Sequence[int], day: date) -> dict[int, tuple[str, str]]:
    """Return code and menu of the special diets by child: what to serve, never why. One query."""
    rows = Diet.objects.filter(child_id__in=child_ids, days__contains=day)
    return {child: (code, menu) for child, code, menu in rows.values_list("child_id", "code", "menu")}


def menus_served(*, day: date) -> dict[str, str]:
    """
    Return the menu of every special diet of a day by its code, for the kitchen: what to serve, never why. One query.

    Where the office has written two menus under one code, both are told: the kitchen must not take one for the other.
    """
    rows = Diet.objects.filter(days__contains=day).order_by("code", "menu").distinct("code", "menu")
    menus: dict[str, list[str]] = {}
    for code, menu in rows.values_list("code", "menu"):
        menus.setdefault(code, []).append(menu)
    return {code: " oppure ".join(found) for code, found in menus.items()}


@dataclass(frozen=True)
class DietToRenew:
    """A diet whose certificate is over or soon will be; it is served all the same."""

    child_id: int
    child_name: str
    code: str
    menu: str
    expires_on: date
    expiry: Expiry


def diets_to_renew(*, today: date) -> list[DietToRenew]:
    """Return the diets whose certificate is over or soon will be, the oldest first, without their reasons: two queries."""
    rows = Diet.objects.filter(days__contains=today, expires_on__lte=today + AHEAD)
    names = people.full_names(child_ids=[row.child_id for row in rows])
    ending = [(row, row.expires_on) for row in rows.order_by("expires_on", "id") if row.expires_on]
    return [
        DietToRenew(row.child_id, names[row.child_id], row.code, row.menu, day, expiry(expires_on=day, today=today))
        for row, day in ending
    ]


def diet_proposals() -> list[DietProposal]:
    """Return what waits for a second reader, the oldest first, with the child; its reason is not read. One query."""
    waiting = DietProposal.objects.filter(decided_at=None).select_related("child").defer("reason")
    return list(waiting.order_by("written_at", "id"))


@dataclass(frozen=True)
class Waiting:
    """
    What waits for the office.

    :ivar proposed_diets: diets without their second reader
    :ivar ending_diets: those whose certificate is over or soon will be
    :ivar without_price: children served today at a price list that does not hold today: they are not charged
    """

    proposed_diets: int
    ending_diets: int
    without_price: int


def waiting(*, today: date) -> Waiting:
    """Count what waits for the office: one query."""
    (counts,) = sql.rows(_WAITING, {"town": active_town_id(), "today": today, "until": today + AHEAD})
    return Waiting(*counts)


def diet_of(*, child_id: int, day: date) -> tuple[tuple[str, str] | None, bool]:
    """Return code and menu of what a child is served, and whether more waits for its second reader: one query."""
    is_served, is_waiting = (Value(which, output_field=BooleanField()) for which in (False, True))
    served = Diet.objects.filter(child_id=child_id, days__contains=day)
    waiting = DietProposal.objects.filter(child_id=child_id, decided_at=None)
    rows = served.values_list("code", "menu", is_served).union(waiting.values_list("code", "menu", is_waiting))
    found = list(rows)
    return next(((code, menu) for code, menu, waits in found if not waits), None), any(waits for *_, waits in found)


_PRICES = """
select s.child_id, b.cents, s.reduction_percent from enrolment_subscription s
  join services_bracket b on b.municipality_id = s.municipality_id and b.id = s.bracket_id
 where s.municipality_id = %(town)s and s.child_id = any(%(children)s) and s.service_id = %(service)s
   and s.days @> %(day)s::date
   and exists (select from services_tariff t
                where t.municipality_id = %(town)s and t.id = b.tariff_id and t.days @> %(day)s::date)
"""

_WAITING = f"""
select (select count(*) from enrolment_dietproposal where municipality_id = %(town)s and decided_at is null),
       (select count(*) from enrolment_diet where municipality_id = %(town)s
           and days @> %(today)s::date and expires_on <= %(until)s),
       (select count(distinct u.child_id) from enrolment_subscription u
         where u.municipality_id = %(town)s and {without_price(line="u", day="%(today)s::date")})
"""  # noqa: S608  # the piece is written here


def _enrolled(row: Subscription) -> Enrolled:
    price = rules.price(full=Euro(row.bracket.cents), reduction_percent=row.reduction_percent)
    service = row.service
    return Enrolled(
        row.pk,
        row.child_id,
        service.pk,
        row.bracket_id,
        service.code,
        service.name,
        service.kind,
        service.unit,
        service.units,
        row.bracket.name,
        row.reduction_percent,
        price,
        row.days.lower,
        row.days.upper,
        row.weekdays,
        (row.bracket.tariff.days.lower or date.min, row.bracket.tariff.days.upper or date.max),
        row.bracket.tariff_id if row.bracket.tariff.scheme else None,
    )
