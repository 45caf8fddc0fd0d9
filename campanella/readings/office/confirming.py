"""What the office would confirm for the classes that did not, and what it would charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance import terms
from campanella.domains.attendance.rules import is_booked_by_default, is_due
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office import day as office_day
from campanella.readings.office.day import ClassDay


@dataclass(frozen=True)
class ClassCharge:
    """A class: who would be there, and what they would pay."""

    line: ClassDay
    there: int
    amount: Euro


@dataclass(frozen=True)
class Charge:
    """The classes of one service that a press would confirm."""

    service: Service
    classes: list[ClassCharge]

    @property
    def there(self) -> int:
        """Who would be there in all of them."""
        return sum(one.there for one in self.classes)

    @property
    def amount(self) -> Euro:
        """What they would pay in all."""
        return Euro(sum(one.amount.cents for one in self.classes))


def not_confirmed(*, class_group_ids: Sequence[int] | None, service_id: int, now: datetime) -> list[ClassDay]:
    """
    Return the classes of a service that did not confirm today in time: four queries.

    :param class_group_ids: of these, None for all that were to be called; the cut-off confirms what is booked
    """
    lines = office_day.unconfirmed(classes=office_day.classes_on(day=clock.day_of(now)), now=now)
    return [
        line
        for line in lines
        if line.service.pk == service_id
        and (line.is_called if class_group_ids is None else line.class_group_id in class_group_ids)
    ]


def may_still_confirm(*, class_group_ids: Sequence[int] | None, service_id: int, now: datetime) -> bool:
    """Tell whether all of these classes that have not confirmed may still do it by themselves: four queries."""
    lines = [
        line
        for line in office_day.classes_on(day=clock.day_of(now))
        if line.service.pk == service_id
        and not line.confirmed_at
        and (line.is_called if class_group_ids is None else line.class_group_id in class_group_ids)
    ]
    return bool(lines) and all(now < line.closes_at for line in lines)


def charge(*, class_group_ids: Sequence[int] | None, service_id: int, now: datetime) -> Charge | None:
    """
    Return what confirming these classes would charge, as the confirmation reckons it: eight queries.

    :returns: None when none of them waits any more
    """
    lines = not_confirmed(class_group_ids=class_group_ids, service_id=service_id, now=now)
    if not lines:
        return None
    day, service = clock.day_of(now), lines[0].service
    classes = [line.class_group_id for line in lines]
    expected = attendance.expected(class_group_ids=classes, service_id=service_id, day=day)
    # Who is in another roll-call that is confirmed has been charged there, or not at all.
    open_ones = [child for child in expected if not child.is_settled]
    prices = enrolment.prices(child_ids=[child.child_id for child in open_ones], service=service, day=day)
    of_day = terms.on(day=day)
    modes = {line.class_group_id: of_day.of(service_id=service.pk, school_id=line.school_id).mode for line in lines}
    there = dict.fromkeys(classes, 0)
    cents = dict.fromkeys(classes, 0)
    for child in open_ones:
        mode = modes[child.class_group_id]
        is_booked = is_booked_by_default(mode) if child.wish is None else child.wish
        is_present = is_booked if child.mark is None else child.mark
        there[child.class_group_id] += is_present
        if is_due(mode=mode, is_booked=is_booked, is_present=is_present):
            # Who has no price today is served, and not charged.
            cents[child.class_group_id] += prices.get(child.child_id, Euro(0)).cents
    for child in expected:
        there[child.class_group_id] += bool(child.is_settled and child.mark)
    return Charge(
        service,
        [ClassCharge(line, there[line.class_group_id], Euro(cents[line.class_group_id])) for line in lines],
    )
