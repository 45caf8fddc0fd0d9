"""
The board of a day: classes summed by kitchen, school and shift, a column for each diet, what is missing and what changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from campanella.domains.attendance.queries import BoardLine, MenuKey
from campanella.domains.attendance.rules import DayTerms, pays_by_booking
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import ClassOrder
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.readings import serving
from campanella.readings.counted import CountedDay
from campanella.readings.kitchen import brought, ordered
from campanella.readings.kitchen.changes import Change, last_changes
from campanella.readings.kitchen.orders import Added, Addition, additions_of, told
from campanella.readings.kitchen.rows import Column, KitchenRows, Row, SchoolRows, columns_of, kitchens_of, summed
from campanella.readings.serving import ServingDay

MOST_CLASSES_SHOWN = 40


@dataclass(frozen=True)
class Frozen:
    """A kitchen's sheet, and what has come since it was frozen; ``meals`` is the number to bring, additions included."""

    sheet: KitchenSheet
    added: list[Added]
    meals: int

    @property
    def is_of_another_day(self) -> bool:
        """Tell whether it was frozen on another day than it is for: the day before, or a number made again later."""
        return clock.day_of(self.sheet.as_of) != self.sheet.day


@dataclass(frozen=True)
class Board:
    """
    The numbers of one service on one day; ``service`` is None when nothing is cooked.

    :ivar unconfirmed: classes that have not confirmed
    :ivar cut_offs: until when the numbers of the schools that are not frozen may change, each instant once, in order
    :ivar closed_because: why nobody is served any more though numbers are shown: a closure that came after them
    :ivar weekdays: on which the service runs in the schools that are seen, seven bits
    """

    day: date
    services: list[Service]
    service: Service | None
    columns: list[Column]
    kitchens: list[KitchenRows]
    sum: Row
    unconfirmed: list[BoardLine]
    changes: list[Change]
    sheets: tuple[Frozen, ...] = ()
    cut_offs: tuple[datetime, ...] = ()
    closed_because: str = ""
    weekdays: int = 0

    @property
    def is_frozen(self) -> bool:
        """Tell whether every number comes from a sheet that is frozen."""
        return bool(self.sheets) and all(kitchen.is_frozen for kitchen in self.kitchens)

    @property
    def is_final(self) -> bool:
        """Tell whether no number changes by itself any more."""
        return self.is_frozen or not self.unconfirmed

    @property
    def added(self) -> list[Added]:
        """What has come since the sheets were frozen, class by class."""
        return [one for frozen in self.sheets for one in frozen.added]

    @cached_property
    def schools(self) -> list[SchoolRows]:
        """The schools of every kitchen."""
        return [school for kitchen in self.kitchens for school in kitchen.schools]

    @cached_property
    def missing(self) -> list[BoardLine]:
        """Classes whose roll-call is waited for: where meals are booked, the cut-off confirms them, and nobody calls."""
        called = {school.school_id for school in self.schools if school.is_called}
        return [line for line in self.unconfirmed if line.school_id in called]

    @property
    def is_folded(self) -> bool:
        """Tell whether the classes of a school are shown only when asked for: a city has hundreds."""
        return self.classes > MOST_CLASSES_SHOWN

    @cached_property
    def classes(self) -> int:
        """Classes that are served."""
        return sum(school.classes for school in self.schools)

    @property
    def is_called(self) -> bool:
        """Tell whether any class is confirmed by a roll-call."""
        return any(school.is_called for school in self.schools)

    @property
    def called(self) -> int:
        """Classes that have confirmed, or whose roll-call is waited for."""
        return self.confirmed + len(self.missing)

    @property
    def confirmed(self) -> int:
        """Classes that have confirmed."""
        return self.classes - len(self.unconfirmed)

    @cached_property
    def confirmed_meals(self) -> int:
        """Meals, adults included, of the classes that have confirmed."""
        return sum(line.total for school in self.schools for line in school.lines if line.is_confirmed)

    @property
    def special(self) -> int:
        """Meals of a diet."""
        return sum(count for column, count in self.sum.diets if column.key.code)

    @property
    def white(self) -> int:
        """White meals, those of children with a diet included."""
        return self.sum.white + sum(count for column, count in self.sum.diets if column.key.is_white)

    @property
    def packed(self) -> int:
        """Packed lunches, those of children with a diet included."""
        return sum(count for column, count in self.sum.diets if column.key.is_packed)


def of(*, of_day: CountedDay, service_code: str, seen: frozenset[int] | None = None) -> Board:
    """
    Return the board of one service, the first that is cooked when the code is of none.

    Made once of the numbers of a day, in seven queries, ten when frozen; whoever asks for the same is given the same.

    :param seen: the schools that whoever looks is held to, None for all
    """
    cooked = of_day.serving.services(kinds=serving.COOKED, school_ids=seen)
    service = next((s for s in cooked if s.code == service_code), cooked[0] if cooked else None)
    if service is None:
        return Board(of_day.day, [], None, [], [], summed("", [], []), [], [])
    same = f"kitchen.board {service.pk} {sorted(seen) if seen is not None else ''}"
    return of_day.once(same, lambda: _made(of_day, cooked, service, seen))


def _made(of_day: CountedDay, cooked: list[Service], service: Service, seen: frozenset[int] | None) -> Board:
    day, today, terms = of_day.day, of_day.serving, of_day.terms
    lines = serving.served(serving=today, service_id=service.pk, lines=of_day.lines_of(service_id=service.pk))
    changes = last_changes(day=day, service_id=service.pk, school_ids=seen)
    sheets = _ordered(of_day, service_id=service.pk)
    frozen_schools = {order.school_id for _, orders, _ in sheets for order in orders}
    on_sheets = [order for _, orders, _ in sheets for order in orders]
    lines = _frozen_lines(lines, on_sheets, frozen_schools)
    if seen is not None:
        lines = [line for line in lines if line.school_id in seen]
    columns = columns_of(lines, of_day.once("kitchen.menus", lambda: enrolment.menus_served(day=day), lasting=True))
    kitchens, shifts = of_day.once("kitchen.layout", cooking.layout, lasting=True)
    # A school whose numbers are frozen is cooked for where they were, whatever the office has changed since.
    kept = {order.school_id: sheet.kitchen.name if sheet.kitchen else "" for sheet, orders, _ in sheets for order in orders}
    of_school = {one: terms.of(service_id=service.pk, school_id=one) for one in {line.school_id for line in lines}}
    return Board(
        day=day,
        weekdays=today.weekdays_of(service_id=service.pk, school_ids=seen),
        services=cooked,
        service=service,
        columns=columns,
        kitchens=kitchens_of(
            lines,
            columns,
            changes,
            ({**kitchens, **kept}, shifts),
            frozen={order.class_group_id for order in on_sheets},
            called={school_id for school_id, one in of_school.items() if not pays_by_booking(one.mode)},
        ),
        sum=summed("Tutte le scuole", lines, columns),
        unconfirmed=[line for line in lines if not line.is_confirmed],
        changes=changes,
        sheets=tuple(frozen for frozen in (_frozen(*one, seen) for one in sheets) if frozen),
        cut_offs=_cut_offs(lines, on_sheets, of_school),
        closed_because=_closed_because(today, service, lines),
    )


def _closed_because(today: ServingDay, service: Service, lines: Sequence[BoardLine]) -> str:
    """Return why every class of a board is closed, each reason once; empty while one of them is served."""
    reasons: dict[str, None] = {}
    for line in lines if today.closures else ():
        where = {"school_id": line.school_id, "class_group_id": line.class_group_id, "service_id": service.pk}
        if not (reason := today.closed_because(**where)):
            return ""
        reasons[reason] = None
    return ", ".join(reasons)


def _ordered(of_day: CountedDay, *, service_id: int) -> list[tuple[KitchenSheet, list[ClassOrder], list[Addition]]]:
    """Return the last sheet of each kitchen with its orders and what has come since: one query, three when frozen."""
    day = of_day.day
    name = f"kitchen.sheets {service_id}"
    found = of_day.once(name, lambda: cooking.last_sheets(service_id=service_id, day=day), lasting=True)
    orders = ordered.orders_of(sheet_ids=[sheet.pk for sheet in found])
    since = additions_of(sheets=found)
    return [(sheet, orders[sheet.pk], since[sheet.pk]) for sheet in found]


def _frozen(
    sheet: KitchenSheet, orders: Sequence[ClassOrder], added: Sequence[Addition], seen: frozenset[int] | None
) -> Frozen | None:
    own = [order for order in orders if seen is None or order.school_id in seen]
    since = [one for one in added if seen is None or one.school_id in seen]
    if not own:
        return None
    return Frozen(sheet, told(since), brought.meals(own, since))


def _frozen_lines(lines: Sequence[BoardLine], orders: Sequence[ClassOrder], schools: set[int]) -> list[BoardLine]:
    """
    Put what was ordered in the place of what is counted now; confirmations go on being told.

    A class that no sheet knows, as one that has opened again, is counted until it confirms: then it is an addition.
    """
    live = {line.class_group_id: line for line in lines}
    frozen = {order.class_group_id: _frozen_line(order, live.get(order.class_group_id)) for order in orders}
    others = [
        line for line in lines if line.class_group_id not in frozen and not (line.school_id in schools and line.is_confirmed)
    ]
    return sorted([*others, *frozen.values()], key=lambda line: (line.school_name, line.class_name, line.class_group_id))


def _cut_offs(
    lines: Sequence[BoardLine], orders: Sequence[ClassOrder], of_school: Mapping[int, DayTerms]
) -> tuple[datetime, ...]:
    """Return until when the numbers that stand on no sheet may change, each instant once, in order."""
    frozen = {order.class_group_id for order in orders}
    return tuple(sorted({of_school[line.school_id].cut_off for line in lines if line.class_group_id not in frozen}))


def _frozen_line(order: ClassOrder, now: BoardLine | None) -> BoardLine:
    return BoardLine(
        school_id=order.school_id,
        school_name=order.school_name,
        class_group_id=order.class_group_id,
        class_name=order.class_name,
        service_id=now.service_id if now else 0,
        expected=now.expected if now else len(order.child_ids),
        eating=len(order.child_ids),
        adults=order.adults,
        confirmed_at=now.confirmed_at if now else None,
        begun=now.begun if now else False,
        menus={MenuKey(one.code, one.is_white, one.is_packed): count for one, count in order.counted().items()},
    )
