"""
What a kitchen is ordered: the state of a day as it was at the cut-off, and what has come since.

The order is read from the events that had come by then, not from what a day has become: a sheet that is frozen late, after
the worker was down, says what it would have said in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import Changed, ClassOrder, Special
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings.kitchen import statements

DAY = timedelta(days=1)
# So many that one closure shuts are told by their number.
MANY_CLASSES = 2
Kind = Literal["more", "less", "menu", "adults", "closed"]


@dataclass(frozen=True)
class Addition:
    """
    What changed after a sheet was frozen.

    :ivar kind: a meal more (present, not ordered), a meal less (a request that counts, come after the freeze), another
        menu for somebody who was ordered, adults more, or a class that a closure shuts now, with all its meals
    :ivar child_id: 0 for adults and for a class
    :ivar reason: of the closure
    :ivar special: what the child eats now in the place of the usual menu
    """

    kind: Kind
    at: datetime | None
    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    child_id: int
    count: int
    reason: str
    special: Special | None

    @property
    def special_label(self) -> str:
        """What to serve in the place of the usual menu, empty for it."""
        return self.special.label if self.special else ""

    @property
    def meals(self) -> int:
        """By how much it changes the number of meals."""
        return {"more": self.count, "adults": self.count, "less": -self.count, "closed": -self.count, "menu": 0}[self.kind]


@dataclass(frozen=True)
class Added:
    """
    Additions of one class that are alike, as the kitchen reads them.

    :ivar sign: "+1", "−2", or how many change their menu
    """

    kind: Kind
    at: datetime | None
    school_id: int
    school_name: str
    class_name: str
    sign: str
    sentence: str


def as_of(*, day: date, service_id: int, cut_offs: Mapping[int, datetime]) -> list[ClassOrder]:
    """
    Return what the classes of these schools order, as the day stood at each school's cut-off: three queries.

    Days without service are not known here, as in ``attendance.queries.board``.

    :param cut_offs: the cut-off by school
    """
    values = {
        "town": active_town_id(),
        "service": service_id,
        "day": day,
        "schools": list(cut_offs),
        "cut_offs": list(cut_offs.values()),
    }
    adults = dict(sql.rows(statements.ADULTS, values))
    shifts = cooking.shifts()
    classes: dict[int, tuple[int, str, str]] = {}
    eating: dict[int, list[int]] = {}
    special: dict[int, dict[int, Special]] = {}
    for school_id, school, group, name, child_id, eats, *menu in sql.rows(statements.AS_OF, values):
        classes[group] = (school_id, school, name)
        if eats:
            eating.setdefault(group, []).append(child_id)
            if meal := _special(*menu):
                special.setdefault(group, {})[child_id] = meal
    return [
        ClassOrder(
            school_id=school_id,
            school_name=school,
            class_group_id=group,
            class_name=name,
            shift=shifts.get(group, 0),
            cut_off=cut_offs[school_id],
            adults=adults.get(group, 0),
            child_ids=tuple(eating.get(group, [])),
            special=special.get(group, {}),
        )
        for group, (school_id, school, name) in classes.items()
    ]


def additions(*, sheet: KitchenSheet) -> list[Addition]:
    """Return what changed since a sheet was frozen, in the order in which it came: one query."""
    return additions_of(sheets=[sheet])[sheet.pk]


def additions_of(*, sheets: Sequence[KitchenSheet]) -> dict[int, list[Addition]]:
    """
    Return what changed since some sheets of one service and day were frozen, by sheet, in the order in which it came: one
    query, however many the kitchens, and none without a sheet.

    A child whom the school marks absent after the freeze stays ordered: the meal is cooked. With the day the additions are
    over: what the office puts right later is of the account, no plate was brought for it.
    """
    found: dict[int, list[Addition]] = {sheet.pk: [] for sheet in sheets}
    if not sheets:
        return found
    values = {
        "town": active_town_id(),
        "sheets": list(found),
        "as_ofs": [sheet.as_of for sheet in sheets],
        "service": sheets[0].service_id,
        "day": sheets[0].day,
        "end": clock.rome(sheets[0].day + DAY, time(0)),
    }
    for sheet_id, kind, at, school_id, school, group, name, child, count, reason, *menu in sql.rows(
        statements.ADDITIONS, values
    ):
        one = Addition(kind, at, school_id, school, group, name, child, count, reason, _special(*menu))
        found[sheet_id].append(one)
    return found


def _special(code: str, menu: str, is_white: bool, is_packed: bool) -> Special | None:  # as a row has them
    return Special(code, menu, is_white, is_packed) if code or is_white or is_packed else None


def told(added: Sequence[Addition]) -> list[Added]:
    """Tell additions class by class and closures school by school, those alike together, in the order of their last ones."""
    alike: dict[tuple[Kind, int, str], list[Addition]] = {}
    for one in added:
        is_closed = one.kind == "closed"
        place = one.school_id if is_closed else one.class_group_id
        alike.setdefault((one.kind, place, one.reason if is_closed else one.special_label), []).append(one)
    return [_told(together) for together in alike.values()]


def changed(one: Added, *, now: datetime) -> Changed:
    """Return an addition as the next number of the sheet keeps it; what has no instant of its own is of now."""
    at = (one.at or now).isoformat()
    return Changed(one.school_id, one.school_name, one.class_name, one.sign, one.sentence, at)


def joined(order: ClassOrder, *, now: datetime) -> Changed:
    """Return a class of a school that was on no sheet of the day, as the next number of a kitchen's sheet tells it."""
    place = (order.school_id, order.school_name, order.class_name)
    return Changed(*place, f"+{order.total}", "classe che si aggiunge al foglio", now.isoformat())


def _told(together: Sequence[Addition]) -> Added:
    last, count = together[-1], sum(one.count for one in together)
    sentence = {
        "more": "un pasto in più, arrivato dopo" if count == 1 else "pasti in più, arrivati dopo",
        "less": "un pasto in meno, disdetta arrivata dopo" if count == 1 else "pasti in meno, disdette arrivate dopo",
        "menu": "cambia il menù",
        "adults": "un adulto in più" if count == 1 else "adulti in più",
        "closed": f"chiusa dopo i numeri: {last.reason}",
    }[last.kind]
    if last.kind in ("more", "menu"):
        sentence += f": {last.special.label}" if last.special else ": menù di tutti" if last.kind == "menu" else ""
    sign = str(count) if last.kind == "menu" else f"−{count}" if last.kind in ("less", "closed") else f"+{count}"
    name = last.class_name if len(together) < MANY_CLASSES or last.kind != "closed" else f"{len(together)} classi"
    return Added(last.kind, last.at, last.school_id, last.school_name, name, sign, sentence)


def with_additions(orders: Sequence[ClassOrder], added: Sequence[Addition], *, as_of: datetime) -> list[ClassOrder]:
    """
    Return what is to be brought: the orders of a sheet, with what changed since; one query for classes that are not on it.

    :param as_of: of the sheet; the cut-off of a class that is not on it
    """
    found = {order.class_group_id: order for order in orders}
    shifts = cooking.shifts() if any(one.class_group_id not in found for one in added) else {}
    for one in added:
        shift = shifts.get(one.class_group_id, 0)
        empty = ClassOrder(one.school_id, one.school_name, one.class_group_id, one.class_name, shift, as_of, 0, (), {})
        found[one.class_group_id] = _added(found.get(one.class_group_id, empty), one)
    return list(found.values())


def _added(order: ClassOrder, one: Addition) -> ClassOrder:
    if one.kind == "closed":
        return replace(order, adults=0, child_ids=(), special={})
    children = tuple(child for child in order.child_ids if child != one.child_id)
    special = {child: menu for child, menu in order.special.items() if child != one.child_id}
    if one.kind in ("more", "menu"):
        children = (*children, one.child_id) if one.kind == "more" else order.child_ids
        special |= {one.child_id: one.special} if one.special else {}
    adults = order.adults + (one.count if one.kind == "adults" else 0)
    return replace(order, adults=adults, child_ids=children, special=special)
