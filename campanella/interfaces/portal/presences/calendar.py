"""A month as a table of weeks, with the words and addresses of each square."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from campanella.foundation.core.italian import MONTHS, WEEKDAYS, month_name
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.words import PAID_ABSENCE, STATES, WHITE, counted, told
from campanella.readings.family.month import FamilyMonth
from campanella.readings.month import DayCell

# How many months ahead one may look: a school year.
AHEAD = 12


@dataclass(frozen=True, slots=True)
class Square:
    """One day in the table; without an address there is nothing more to tell about it."""

    number: int
    word: str
    spoken: str
    kind: str
    sign: str
    shape: str
    address: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An address and its words."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """Everything the page of a month shows."""

    name: str
    child_name: str
    place: str
    service: str
    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Square | None, ...], ...]
    legend: tuple[tuple[str, str, str], ...]
    previous: Link | None
    following: Link | None
    siblings: tuple[Link, ...]
    services: tuple[Link, ...]
    years: tuple[Link, ...]
    summary: tuple[tuple[str, str], ...]
    heading: str
    ask: str
    ask_label: str

    @classmethod
    def of(cls, found: FamilyMonth, *, month: date, today: date) -> "MonthPage":
        """Lay a month out."""
        service = found.service
        query = f"?servizio={service.service_id}" if service and len(found.services) > 1 else ""
        columns = _columns(found.cells)
        by_day = any(cell.is_by_day for cell in found.cells)
        before, after = month - timedelta(days=1), month + timedelta(days=31)
        return cls(
            name=month_name(month),
            child_name=found.child.called,
            place=found.place.label if found.place else "",
            service=service.service_name if service else "",
            title=month_name(month).capitalize(),
            weekdays=tuple((WEEKDAYS[day][:3], WEEKDAYS[day]) for day in columns),
            weeks=tuple(_weeks(found, columns)),
            legend=_legend(found.cells, columns),
            previous=_to(found.child.id, before, query) if _has_before(found, month) else None,
            following=_to(found.child.id, after, query) if _months(today, after) <= AHEAD else None,
            siblings=tuple(Link(other.called, _address(other.id, month)) for other in found.siblings),
            services=tuple(
                Link(one.service_name, f"{_address(found.child.id, month)}?servizio={one.service_id}")
                for one in found.services
                if service and one.service_id != service.service_id
            ),
            years=tuple(_years(found, month, today, query)),
            summary=tuple(_summary(found)),
            heading=f"{MONTHS[month.month - 1].capitalize()} in breve",
            ask=f"{reverse('portal:book-week' if by_day else 'portal:ask-days', args=[found.child.id])}{query}",
            ask_label="Prenota i giorni" if by_day else "Disdici più giorni",
        )


def _columns(cells: Sequence[DayCell]) -> list[int]:
    """Monday to Friday, and a day of the weekend only when something happens on it."""
    alive = {cell.day.weekday() for cell in cells if cell.state in ALIVE}
    return [*range(5), *sorted(day for day in alive if day > 4)]


def _weeks(found: FamilyMonth, columns: Sequence[int]) -> list[tuple[Square | None, ...]]:
    weeks: dict[date, dict[int, Square]] = {}
    for cell in found.cells:
        monday = cell.day - timedelta(days=cell.day.weekday())
        weeks.setdefault(monday, {})[cell.day.weekday()] = _square(found, cell)
    rows = [tuple(days.get(column) for column in columns) for _, days in sorted(weeks.items())]
    return [row for row in rows if any(row)]


def _square(found: FamilyMonth, cell: DayCell) -> Square:
    word, kind, sign, shape = told(cell)
    is_told = cell.state not in ("no_service", "not_enrolled")
    address = reverse("portal:presence-day", args=[found.child.id, cell.day.isoformat()]) if is_told else ""
    spoken = f"{WEEKDAYS[cell.day.weekday()]} {cell.day.day} {MONTHS[cell.day.month - 1]}"
    return Square(cell.day.day, _SHORT.get(cell.state, word), spoken, kind, sign, shape, address, cell.is_today)


# What makes a day of the weekend worth a column.
ALIVE = ("present", "absent", "cancelled", "unbooked", "awaited", "to_come")
_SHORT = {"unbooked": "–", "not_enrolled": "non iscr.", "no_service": "–"}


def _legend(cells: Sequence[DayCell], columns: Sequence[int]) -> tuple[tuple[str, str, str], ...]:
    shown = {told(cell) for cell in cells if cell.day.weekday() in columns}
    known = (*STATES.values(), WHITE, PAID_ABSENCE)
    return tuple((kind, sign, word) for word, kind, sign, shape in known if (word, kind, sign, shape) in shown)


def _summary(found: FamilyMonth) -> list[tuple[str, str]]:
    if not found.service:
        return []
    paid = Counter(
        cell.charged for cell in found.cells if cell.charged is not None and (cell.is_there or cell.charged.cents)
    )
    lines = [
        (f"{counted(count, found.service.unit, found.service.units)} a {price}", str(price * count))
        for price, count in sorted(paid.items(), key=lambda item: -item[0].cents)
    ]
    if len(lines) > 1:
        total = sum((price * count for price, count in paid.items()), Euro(0))
        lines.append(("In tutto", str(total)))
    away = sum(cell.is_paid_absence for cell in found.cells)
    if away:
        what = counted(away, "assenza non disdetta in tempo", "assenze non disdette in tempo")
        lines.append((f"di cui {what}", "si paga" if away == 1 else "si pagano"))
    for state, word, words in (("absent", "assenza", "assenze"), ("cancelled", "disdetta", "disdette")):
        count = sum(1 for cell in found.cells if cell.state == state and not (cell.charged and cell.charged.cents))
        if count:
            lines.append((counted(count, word, words), "non si paga" if count == 1 else "non si pagano"))
    return lines


def _years(found: FamilyMonth, month: date, today: date, query: str) -> list[Link]:
    """Lead to the last month of each class the child was in."""
    links = []
    for place, _, end in found.stays:
        last = min(end - timedelta(days=1) if end else today, today)
        start = last.year if last.month >= 9 else last.year - 1
        label = f"{start}/{str(start + 1)[2:]} · {place.label}"
        if end and end <= today:
            # A school year ends in August; what one wants to see is June.
            shown = last.replace(month=6, day=1) if last.month in (7, 8) else last
            links.append(Link(label, _address(found.child.id, shown) + query))
    return links


def _has_before(found: FamilyMonth, month: date) -> bool:
    return found.first_day is not None and found.first_day < month


def _months(today: date, day: date) -> int:
    return (day.year - today.year) * 12 + day.month - today.month


def _to(child_id: int, day: date, query: str) -> Link:
    return Link(month_name(day).capitalize(), _address(child_id, day) + query)


def _address(child_id: int, day: date) -> str:
    return reverse("portal:presences-month", args=[child_id, f"{day:%Y-%m}"])
