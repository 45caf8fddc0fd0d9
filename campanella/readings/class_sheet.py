"""
The sheet of one class on one day, as a teacher sees it on the page and on the tablet.

Everybody is there until somebody taps.
"""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance import terms
from campanella.domains.attendance.documents.paper_roll import PaperLine, PaperRoll
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.queries import SheetLine
from campanella.domains.people import words
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core.errors import NotFound
from campanella.readings import serving


class NotServed(NotFound):
    """The school does not have this service on this day, or the class is closed."""

    message = "Quel giorno in questa classe il servizio non c’è."


@dataclass(frozen=True)
class ClassSheet:
    """One class, one service, one day; ``closed_because`` says why nobody is expected."""

    class_group: ClassGroup
    service: Service
    day: date
    closed_because: str
    roll_call: RollCall | None
    lines: list[SheetLine]

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was confirmed, None while it is open."""
        return self.roll_call.confirmed_at if self.roll_call else None

    def is_confirmed_after(self, instant: datetime) -> bool:
        """Tell whether it was confirmed after an instant, such as the closing time."""
        return self.confirmed_at is not None and self.confirmed_at > instant

    def names(self) -> dict[int, str]:
        """Return by child how the class calls it."""
        return words.at_school({line.child_id: line for line in self.lines})

    def register_names(self) -> dict[int, str]:
        """Return by child how the register of the class calls it."""
        return words.in_register({line.child_id: line for line in self.lines})

    def paper(self, *, town_name: str, now: datetime) -> PaperRoll:
        """Return it as it is printed: one query, for the hour at which it closes."""
        names, school = self.register_names(), self.class_group.school
        of_day = terms.of_place(service_id=self.service.pk, school_id=school.pk, day=self.day)
        return PaperRoll(
            town_name=town_name,
            class_name=self.class_group.name,
            school_name=school.name,
            service_name=self.service.name,
            day=self.day,
            until=terms.closing(of_day, day=self.day),
            lines=[PaperLine(names[line.child_id], line.diet_code, _known(line)) for line in self.lines],
            made_at=now,
        )

    @property
    def adults(self) -> int:
        """Adults who eat with the class."""
        return self.roll_call.adults if self.roll_call else 0

    @property
    def present(self) -> int:
        """How many children are there; once it is confirmed, of those it has counted."""
        counted = [line for line in self.lines if not self.confirmed_at or line.is_present is not None]
        return sum(1 for line in counted if line.eats)

    @property
    def white(self) -> int:
        """How many of them have a white meal."""
        return sum(1 for line in self.lines if line.is_white)

    @property
    def packed(self) -> int:
        """How many of them have a packed lunch."""
        return sum(1 for line in self.lines if line.eats and line.is_packed)

    @property
    def absent(self) -> int:
        """How many children are not there."""
        return len(self.lines) - self.present

    def confirmed_by(self) -> str:
        """Return the name of who confirmed it: one query, empty for the software."""
        user_id = self.roll_call.confirmed_by_id if self.roll_call else None
        return accounts.user(user_id=user_id).display_name if user_id else ""


def class_sheet_of(*, user: User, class_group_id: int, service_code: str, day: date) -> ClassSheet:
    """
    Return the sheet of a class: two queries once the roll-call is confirmed, three while it is open, five before.

    :raises NotFound: another school's class
    :raises NotServed: the school does not have this service on that day
    """
    call = sheets.roll_call_seen_by(user=user, class_group_id=class_group_id, service_code=service_code, day=day)
    if call:
        # What is confirmed stays; a class closed in the middle of its roll-call stays at home.
        closed = "" if call.confirmed_at else _closed_because(call)
        lines = [] if closed else sheets.sheet(class_group_id=class_group_id, service_id=call.service_id, day=day)
        return ClassSheet(call.class_group, call.service, day, closed, call, lines)
    group = schools.class_for(user=user, class_group_id=class_group_id)
    today = serving.on(day=day)
    service = _service(today, group, service_code)
    closed = today.closed_because(school_id=group.school_id, class_group_id=group.pk, service_id=service.pk)
    lines = [] if closed else sheets.sheet(class_group_id=group.pk, service_id=service.pk, day=day)
    return ClassSheet(group, service, day, closed, None, lines)


def _known(line: SheetLine) -> str:
    return "disdetto" if line.is_cancelled else "al sacco" if line.is_packed else ""


def _service(today: serving.ServingDay, group: ClassGroup, code: str) -> Service:
    service = today.service(code=code, school_id=group.school_id)
    if service is None or not today.uses(service_id=service.pk, school_id=group.school_id, class_group_id=group.pk):
        raise NotServed
    return service


def _closed_because(call: RollCall) -> str:
    closure = schools.closure_on(
        closures=schools.closures_between(first=call.day, last=call.day),
        day=call.day,
        school_id=call.class_group.school_id,
        class_group_id=call.class_group_id,
        service_id=call.service_id,
    )
    return closure.reason if closure else ""
