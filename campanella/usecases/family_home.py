"""
What a family sees first: who eats today, how much is left, what is to pay.

The most visited page of all: one question to the database for the children, one for the payments, whatever their number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from campanella.domains.accounts.models import User
from campanella.domains.attendance.rules import DayState, day_state
from campanella.domains.ledger.rules import levels_reached
from campanella.domains.payments import queries as payments
from campanella.domains.payments.queries import Awaited
from campanella.domains.schools.queries import Place
from campanella.domains.services import rules
from campanella.domains.support import queries as support
from campanella.domains.support.queries import Headline
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town

NEWS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class ServiceToday:
    """A service a child is enrolled in, and what today is for it; who confirmed is a role's name."""

    id: int
    name: str
    kind: str
    state: DayState
    confirmed_at: datetime | None
    confirmed_by: str
    closed_because: str


@dataclass(frozen=True, slots=True)
class Credit:
    """
    The credit of one wallet and what it is worth.

    ``units_left`` and ``units_owed`` are numbers of uses (meals, rides); ``even_with`` is the first proposed amount that
    brings a debt back to zero, and ``units_then`` what would be left.
    """

    wallet_id: int
    service_name: str
    kind: str
    balance: Euro
    unit: str
    units: str
    price: Euro
    units_left: int
    units_owed: int
    is_low: bool
    even_with: Euro | None
    units_then: int
    under_way: Euro | None


@dataclass(frozen=True, slots=True)
class ChildCard:
    """A child on its family's first page."""

    id: int
    given_name: str
    class_name: str
    school_name: str
    services: tuple[ServiceToday, ...]
    credits: tuple[Credit, ...]

    @property
    def first_service(self) -> ServiceToday | None:
        """The service the page speaks about: the meal, else the first one."""
        meals = [service for service in self.services if service.kind in ("meal", "nursery")]
        return next(iter([*meals, *self.services]), None)


@dataclass(frozen=True, slots=True)
class FamilyHome:
    """The first page of a family."""

    greeting_name: str
    children: tuple[ChildCard, ...]
    to_pay: tuple[Awaited, ...]
    news: tuple[Headline, ...]
    unread: int


def family_home(*, user: User, town: Town, now: datetime) -> FamilyHome:
    """Gather the first page of a family: three queries."""
    today = clock.day_of(now)
    rows = _rows(user=user, town=town, today=today)
    by_child = [(child_id, list(lines)) for child_id, lines in groupby(rows, itemgetter("child_id"))]
    child_ids = [child_id for child_id, _ in by_child]
    awaited = payments.awaited_from(child_ids=child_ids, now=now, today=today) if child_ids else []
    under_way: dict[int, Euro] = {}
    for one in awaited:
        if one.is_under_way:
            under_way[one.wallet_id] = under_way.get(one.wallet_id, Euro(0)) + one.amount
    news, unread = support.headlines_for(places=_places(rows), user_id=user.pk, now=now, limit=NEWS_SHOWN)
    return FamilyHome(
        greeting_name=(rows[0]["adult"] if rows else None) or user.display_name,
        children=tuple(_child(lines, town, under_way) for _, lines in by_child),
        to_pay=tuple(one for one in awaited if one.is_notice and not one.is_under_way),
        news=tuple(news),
        unread=unread,
    )


def _places(rows: Sequence[dict[str, Any]]) -> list[Place]:
    """Return where the children go to school, for the news that concern them."""
    found = {row["child_id"]: row for row in rows if row["class_name"] is not None}
    names = ("child_id", "class_group_id", "class_name", "school_id", "school_name", "level")
    return [Place(*(row[name] for name in names)) for row in found.values()]


def _child(lines: Sequence[dict[str, Any]], town: Town, under_way: dict[int, Euro]) -> ChildCard:
    first = lines[0]
    dearest = max(lines, key=_price)
    return ChildCard(
        id=first["child_id"],
        given_name=first["given_name"],
        class_name=first["class_name"] or "",
        school_name=first["school_name"] or "",
        services=tuple(_service(line) for line in lines if line["bracket_cents"] is not None),
        credits=tuple(_credits(lines, town, dearest, under_way)),
    )


def _service(line: dict[str, Any]) -> ServiceToday:
    state = day_state(
        is_enrolled=line["class_name"] is not None,
        runs=bool(line["runs"]),
        is_closed=line["closed_because"] is not None,
        is_present=line["is_present"],
        is_future=False,
        is_today=True,
    )
    return ServiceToday(
        line["service_id"], line["service_name"], line["kind"], state, line["confirmed_at"],
        line["confirmed_by"] or "", line["closed_because"] or "",
    )  # fmt: skip


def _credits(
    lines: Sequence[dict[str, Any]], town: Town, dearest: dict[str, Any], under_way: dict[int, Euro]
) -> Iterator[Credit]:
    choices = town.choices
    for line in lines:
        if line["wallet_id"] is None:
            continue
        balance = Euro(line["balance_cents"])
        # A wallet for all services together is counted in uses of the dearest one.
        use = dearest if line["service_id"] is None else line
        price = _price(use)
        levels = levels_reached(
            balance=balance, unit_price=price, low_units=choices.low_credit_meals, floor=Euro(choices.floor)
        )
        even_with = next((Euro(cents) for cents in sorted(choices.top_up_presets) if cents + balance.cents >= 0), None)
        yield Credit(
            wallet_id=line["wallet_id"],
            service_name=line["service_name"] or "Tutti i servizi",
            kind=line["kind"] or "",
            balance=balance,
            unit=use["unit"] or "giorno",
            units=use["units"] or "giorni",
            price=price,
            units_left=rules.units_left(balance=balance, unit_price=price),
            units_owed=-(balance.cents // price.cents) if price.cents and balance.cents < 0 else 0,
            is_low="low" in levels,
            even_with=even_with,
            units_then=rules.units_left(balance=balance + even_with, unit_price=price) if even_with else 0,
            under_way=under_way.get(line["wallet_id"]),
        )


def _price(line: dict[str, Any]) -> Euro:
    if line["bracket_cents"] is None:
        return Euro(0)
    return rules.price(full=Euro(line["bracket_cents"]), reduction_percent=line["reduction_percent"])


def _rows(*, user: User, town: Town, today: date) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_HOME, {"town": town.id, "user": user.pk, "day": today, "weekday": today.weekday()})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# One line for each child and service (or wallet); a child with neither has one line of its own. Marks count once the
# roll-call is confirmed.
_HOME = """
with child as (
  select c.id, c.given_name, g.id as class_group_id, g.name as class_name, g.school_id, h.name as school_name,
         h.level
    from people_child c
    left join schools_membership m on m.municipality_id = %(town)s and m.child_id = c.id and m.days @> %(day)s::date
    left join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
    left join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
   where c.municipality_id = %(town)s and c.id in (
     select t.child_id from people_guardianship t
       join people_guardian a on a.municipality_id = %(town)s and a.id = t.guardian_id
      where t.municipality_id = %(town)s and a.user_id = %(user)s
     union all
     select x.child_id from people_childaccount x where x.municipality_id = %(town)s and x.user_id = %(user)s)
), used as (
  select s.child_id, s.service_id, b.cents, s.reduction_percent
    from child c
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = c.id and s.days @> %(day)s::date
    join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
), purse as (
  select w.child_id, w.service_id, w.id, w.balance_cents
    from child c join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = c.id
), line as (
  select coalesce(u.child_id, p.child_id) as child_id, coalesce(u.service_id, p.service_id) as service_id,
         u.cents as bracket_cents, u.reduction_percent, p.id as wallet_id, p.balance_cents
    from used u full join purse p on p.child_id = u.child_id and p.service_id = u.service_id
)
select c.id as child_id, c.given_name, c.class_group_id, c.class_name, c.school_id, c.school_name, c.level,
       l.service_id, s.name as service_name, s.kind, s.unit, s.units, l.bracket_cents, l.reduction_percent,
       l.wallet_id, l.balance_cents, (k.weekdays >> %(weekday)s) & 1 as runs, p.is_present,
       r.confirmed_at, o.roles[1] as confirmed_by,
       (select x.reason from schools_closure x
         where x.municipality_id = %(town)s and x.days @> %(day)s::date
           and (x.school_id is null or x.school_id = c.school_id)
           and (x.class_group_id is null or x.class_group_id = c.class_group_id)
         order by x.days, x.id limit 1) as closed_because,
       (select a.given_name from people_guardian a
         where a.municipality_id = %(town)s and a.user_id = %(user)s) as adult
  from child c
  left join line l on l.child_id = c.id
  left join services_service s on s.municipality_id = %(town)s and s.id = l.service_id
  left join services_servicecalendar k on k.municipality_id = %(town)s and k.service_id = l.service_id
   and k.school_id = c.school_id and k.days @> %(day)s::date
  left join attendance_presence q on q.municipality_id = %(town)s and q.child_id = c.id
   and q.service_id = l.service_id and q.day = %(day)s
  left join attendance_rollcall r on r.municipality_id = %(town)s and r.id = q.roll_call_id and r.confirmed_at is not null
  left join lateral (select q.is_present where r.id is not null) p on true
  left join accounts_user o on o.municipality_id = %(town)s and o.id = r.confirmed_by_id
 order by c.given_name, c.id, s.position nulls first, l.service_id
"""
