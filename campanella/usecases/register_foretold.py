"""What a class register would change, told line by line before ``class_register`` takes it over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from campanella.domains.attendance import asked, registered, terms
from campanella.domains.attendance.asked import DayAsked
from campanella.domains.attendance.rules import DayTerms, pays_by_booking
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.readings import serving
from campanella.usecases import class_register
from campanella.usecases.importing.absences import Said

# What becomes of a line: nothing, for four reasons; a question to the family; a mark that waits for the confirmation, or
# for the cut-off; a day that is not charged, that is charged all the same, or that is charged.
Becomes = Literal["unenrolled", "unserved", "known", "against", "asked", "waits", "cut_off", "free", "due", "present"]


def foretold(*, service: Service, said: Sequence[Said], now: datetime) -> dict[Said, Becomes]:
    """Return what becomes of each word of a register: six queries a day."""
    odd = set(class_register.against(service=service, said=said, today=clock.day_of(now)))
    found: dict[Said, Becomes] = {}
    for day in sorted({one.day for one in said}):
        of_day = [one for one in said if one.day == day]
        found |= _of_day(service, day, of_day, odd, now)
    return found


def _of_day(service: Service, day: date, said: Sequence[Said], odd: set[Said], now: datetime) -> dict[Said, Becomes]:
    child_ids = [one.child_id for one in said]
    known = {one.child_id: one for one in asked.days_of(lines=[(pk, service.pk) for pk in child_ids], days=[day])}
    before = registered.said_by_register(child_ids=child_ids, service_id=service.pk, day=day)
    going = terms.on(day=day)
    found: dict[Said, Becomes] = {}
    for one in said:
        of_child = known.get(one.child_id)
        if of_child is None:
            found[one] = "unenrolled"
        elif not of_child.is_served or of_child.closed_because:
            found[one] = "unserved"
        elif before.get(one.child_id) == one.is_present:
            found[one] = "known"
        elif one in odd:
            found[one] = "against"
        else:
            found[one] = _counts(service, one, of_child, going.of(service_id=service.pk, school_id=of_child.school_id), now)
    return found


def _counts(service: Service, said: Said, of_child: DayAsked, going: DayTerms, now: datetime) -> Becomes:
    if of_child.confirmed_at is None and going.mode != "register":
        return "waits"
    is_open = going.mode == "register" and service.kind in serving.COOKED and now <= going.cut_off
    if is_open and of_child.confirmed_at is None:
        is_today = said.day == clock.day_of(now)
        return "asked" if is_today and not said.is_present and of_child.is_wanted else "cut_off"
    if said.is_present:
        return "present"
    return "due" if pays_by_booking(going.mode) and of_child.is_wanted else "free"
