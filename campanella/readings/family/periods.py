"""Before a family asks for many days at once: for whom, from which day on, on which days of the week."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.attendance import asked, terms
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.services import queries as services
from campanella.foundation.core.errors import NotFound

SATURDAY, SUNDAY = 5, 6


def offered(*, user: User, child_id: int, day: date) -> tuple[FamilyChild, list[tuple[FamilyChild, Enrolled]]]:
    """
    Return a child, and for whom of its family what can be asked from a day on, the child's own first: two queries.

    :raises NotFound: the child is not this user's
    """
    children = {child.id: child for child in people.children_of(user=user)}
    if child_id not in children:
        raise NotFound
    uses = enrolment.enrolled(child_ids=list(children), day=day)
    uses.sort(key=lambda use: use.child_id != child_id)
    return children[child_id], [(children[use.child_id], use) for use in uses]


def first_after(*, uses: Sequence[Enrolled], today: date, now: datetime) -> date:
    """
    Return the first day after today, of the two weeks that follow, for which one of these services can still be asked.

    Without any it is tomorrow. Three queries.
    """
    days = [today + timedelta(days=number) for number in range(1, 15)]
    found = asked.days_of(lines=[(use.child_id, use.service_id) for use in uses], days=days)
    of_day = terms.between(first=days[0], last=days[-1])
    for one in found:
        of = of_day[one.day].of(service_id=one.service_id, school_id=one.school_id)
        if one.is_served and not one.closed_because and now <= of.cut_off and of.is_near(now):
            return one.day
    return days[0]


def weekend_of(*, uses: Sequence[Enrolled], since: date, count: int) -> set[int]:
    """
    Return on which of Saturday and Sunday one of these services serves one of these children, closures apart.

    A season that is still to come counts as well. One query, a second one where any of them runs then in some school.

    :param count: of days that a period may reach over
    """
    until = since + timedelta(days=count - 1)
    bits = services.weekdays_between(first=since, last=until, service_ids={use.service_id for use in uses})
    of_week = [day for day in (SATURDAY, SUNDAY) if bits >> day & 1]
    if not of_week:
        return set()
    reached = [since + timedelta(days=number) for number in range(count)]
    days = [day for day in reached if day.weekday() in of_week]
    found = asked.days_of(lines=[(use.child_id, use.service_id) for use in uses], days=days)
    return {one.day.weekday() for one in found if one.is_served}
