"""
The cut-off in the kitchen: what was ordered becomes a numbered sheet, and never changes (docs/decisions/0032).

A worker looks every minute. Where families book, the classes are confirmed and charged first (``cut_off``); then the sheet
holds the day as it stood at the cut-off, whenever the worker came to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import terms
from campanella.domains.attendance.terms import TermsOfDay
from campanella.domains.cooking import freezing
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import Kitchen, KitchenSheet
from campanella.domains.cooking.queries import OnSheets
from campanella.domains.cooking.rules import Changed, ClassOrder, Dish
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings import serving
from campanella.readings.kitchen import orders

# A worker that was down over a weekend still freezes the days it has missed.
DAYS_BACK = timedelta(days=3)
DAY = timedelta(days=1)


class NothingAdded(Refusal):
    """The sheet says what is to be brought: another number would say the same."""

    message = "Dal foglio non è cambiato nulla: ristampa quello."


@dataclass(frozen=True)
class Due:
    """
    A kitchen's sheet that waits to be frozen.

    :ivar cut_offs: by school it cooks for that stands on no sheet of the day yet
    """

    service: Service
    day: date
    kitchen: Kitchen | None
    cut_offs: dict[int, datetime]

    @property
    def as_of(self) -> datetime:
        """The last cut-off of its schools: the kitchen's sheet is one, and holds all of them."""
        return max(self.cut_offs.values())


def due(*, now: datetime) -> list[Due]:
    """
    Return the sheets whose cut-off is over and that are not frozen yet: two queries a day, and six.

    A school is ordered once: on whichever kitchen's sheet it stands, it stays there for the day. One that comes to a kitchen
    whose sheet is frozen, or opens again after it, is due as well, of a day that is not over.
    """
    today = clock.day_of(now)
    first, last = today - DAYS_BACK, today + timedelta(days=terms.days_ahead())
    frozen = cooking.frozen_between(first=first, last=last)
    kitchens = {kitchen.pk: kitchen for kitchen in cooking.kitchens()}
    of_school = cooking.kitchen_of_schools() if kitchens else {}
    of_days = terms.between(first=first, last=last)
    found = [
        Due(service, day, kitchens.get(kitchen_id) if kitchen_id else None, waiting)
        for day in (first + DAY * step for step in range((last - first).days + 1))
        for service, kitchen_id, cut_offs in _kitchens_of(of_days[day], of_school)
        if (waiting := _waiting(cut_offs, frozen.get((service.pk, day)), kitchen_id, is_over=day < today))
    ]
    return [one for one in found if one.as_of < now]


def _waiting(
    cut_offs: dict[int, datetime], on: OnSheets | None, kitchen_id: int | None, *, is_over: bool
) -> dict[int, datetime]:
    """Return the schools of a kitchen that are still to be ordered, with their cut-offs; none of a frozen day now over."""
    if on is None:
        return cut_offs
    if is_over and kitchen_id in on.kitchens:
        return {}
    return {school_id: cut_off for school_id, cut_off in cut_offs.items() if school_id not in on.schools}


@use_case
def freeze(*, by: Actor, due: Due, now: datetime) -> KitchenSheet | None:
    """
    Freeze the sheet of a kitchen as its day stood at the cut-off; None when it is frozen already, or nobody is served.

    Where the kitchen has a sheet already, the schools that have come to it since stand on the next number.

    Requests hold the children's wallets and taps their roll-call: both are held here first, so that whatever came in time
    is read, and what is not read has come after and is listed as an addition.
    """
    freezing.take_turn(service_id=due.service.pk, day=due.day)
    kitchen_id = due.kitchen.pk if due.kitchen else None
    on = cooking.frozen_between(first=due.day, last=due.day).get((due.service.pk, due.day))
    cut_offs = _waiting(due.cut_offs, on, kitchen_id, is_over=due.day < clock.day_of(now))
    groups = serving.classes(service_id=due.service.pk, day=due.day) if cut_offs else []
    served = {group.pk for group in groups if group.school_id in cut_offs}
    if not served:
        return None
    attendance.hold_payers(class_group_ids=sorted(served), service_id=due.service.pk, day=due.day)
    attendance.wait_for_taps(service_id=due.service.pk, day=due.day)
    found = orders.as_of(day=due.day, service_id=due.service.pk, cut_offs=cut_offs)
    ordered = [order for order in found if order.class_group_id in served]
    if on and kitchen_id in on.kitchens:
        return _next(by=by, last=_last(due.service.pk, due.day, kitchen_id), joining=ordered, now=now) if ordered else None
    return freezing.freeze(
        by=by,
        service_id=due.service.pk,
        day=due.day,
        kitchen=due.kitchen,
        number=1,
        as_of=due.as_of,
        orders=ordered,
        dishes=_dishes(service_id=due.service.pk, day=due.day),
        now=now,
    )


@use_case
def print_again(*, by: Actor, sheet_id: int, now: datetime) -> KitchenSheet:
    """
    Make the next number of a sheet, with what was added since; the one before stays as it is.

    A menu that was written anew is something to print too, until the day is over.

    :raises NothingAdded: nothing has changed since the last number
    :raises NotFound: the town has no such sheet
    """
    asked = cooking.sheet(sheet_id=sheet_id)
    freezing.take_turn(service_id=asked.service_id, day=asked.day)
    made = _next(by=by, last=_last(asked.service_id, asked.day, asked.kitchen_id), joining=(), now=now)
    if made is None:
        raise NothingAdded
    return made


def _last(service_id: int, day: date, kitchen_id: int | None) -> KitchenSheet:
    sheets = cooking.last_sheets(service_id=service_id, day=day)
    return next(sheet for sheet in sheets if sheet.kitchen_id == kitchen_id)


def _next(*, by: Actor, last: KitchenSheet, joining: Sequence[ClassOrder], now: datetime) -> KitchenSheet | None:
    """
    Make the next number of a sheet with what was added, and the classes that join it; None where nothing has changed.

    :param joining: orders of schools that were on no sheet of the day
    """
    added, kept = orders.additions(sheet=last), cooking.dishes_of(sheet=last)
    dishes = _dishes(service_id=last.service_id, day=last.day) if last.day >= clock.day_of(now) else kept
    changes = [orders.changed(one, now=now) for one in orders.told(added)]
    changes += [orders.joined(order, now=now) for order in joining]
    if dishes != kept:
        changes.append(Changed(0, "", "", "", "il menù del giorno è scritto di nuovo", now.isoformat()))
    if not changes:
        return None
    ordered = cooking.orders(sheet_ids=[last.pk])[last.pk]
    return freezing.freeze(
        by=by,
        service_id=last.service_id,
        day=last.day,
        kitchen=last.kitchen,
        number=last.number + 1,
        as_of=now,
        orders=[*orders.with_additions(ordered, added, as_of=last.as_of), *joining],
        dishes=dishes,
        changes=changes,
        now=now,
    )


def _dishes(*, service_id: int, day: date) -> Sequence[Dish]:
    table = cooking.tables(service_ids=[service_id], day=day).get(service_id)
    return list(table.dishes) if table else []


def _kitchens_of(of_day: TermsOfDay, of_school: dict[int, int]) -> Iterable[tuple[Service, int | None, dict[int, datetime]]]:
    """Give each service that is cooked on a day, each kitchen that cooks it, and the cut-offs of its schools."""
    running = serving.on(day=of_day.day)
    for service in running.services(kinds=serving.COOKED):
        cut_offs: dict[int | None, dict[int, datetime]] = {}
        for school_id, services in running.calendars.items():
            if service.pk in services:
                cut_off = of_day.of(service_id=service.pk, school_id=school_id).cut_off
                cut_offs.setdefault(of_school.get(school_id), {})[school_id] = cut_off
        for kitchen_id, found in cut_offs.items():
            yield service, kitchen_id, found
