"""A whole day of a service, child by child, with the kitchen's sheet: what ``campanella attendance day`` prints."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.fact_rules import DayState
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import ClassOrder
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.services.models import Service
from campanella.readings.explained import explained
from campanella.readings.kitchen import orders
from campanella.readings.kitchen.orders import Addition


@dataclass(frozen=True, slots=True)
class ChildDay:
    """One child's day; ``charged_cents`` is 0 while nothing is charged."""

    tax_code: str
    code: str
    class_name: str
    state: DayState
    charged_cents: int
    because: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """A kitchen's last sheet, with what has come since it was frozen."""

    sheet: KitchenSheet
    orders: tuple[ClassOrder, ...]
    additions: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class DayReport:
    """The children of a day by school, class and name, and the sheets of its kitchens; none before they are frozen."""

    children: tuple[ChildDay, ...]
    sheets: tuple[Ordered, ...]


def day_report(*, service: Service, day: date, now: datetime) -> DayReport:
    """Gather a day: about twelve queries, whatever the number of children, three more for each kitchen."""
    classes = {group.pk: group for group in schools.all_classes(day=day).order_by("school__name", "name", "id")}
    expected = sheets.expected(class_group_ids=list(classes), service_id=service.pk, day=day)
    child_ids = sorted({line.child_id for line in expected})
    rows = people.children(child_ids=child_ids)
    lines = [(child_id, service.pk) for child_id in child_ids]
    found = explained(lines=lines, day=day, now=now)
    order = {group_id: place for place, group_id in enumerate(classes)}
    found.sort(key=lambda one: (order.get(one.class_group_id, 0), rows[one.child_id].full_name, one.child_id))
    children = tuple(
        ChildDay(
            tax_code=rows[one.child_id].tax_code,
            code=rows[one.child_id].code,
            class_name=classes[one.class_group_id].name,
            state=one.state,
            charged_cents=one.charged.cents if one.charged else 0,
            because=one.because,
        )
        for one in found
    )
    last = cooking.last_sheets(service_id=service.pk, day=day)
    ordered = cooking.orders(sheet_ids=[sheet.pk for sheet in last]) if last else {}
    since = orders.additions_of(sheets=last)
    return DayReport(
        children,
        tuple(Ordered(sheet, tuple(ordered[sheet.pk]), tuple(since[sheet.pk])) for sheet in last),
    )
