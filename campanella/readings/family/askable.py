"""What a family may ask for its days, as they stand before it asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.attendance import asked, terms
from campanella.domains.attendance.asked import DayAsked
from campanella.domains.attendance.rules import Action, DayTerms
from campanella.domains.attendance.white_rules import WhiteLimit
from campanella.domains.attendance.whites import Whites
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.errors import NotFound
from campanella.readings.serving import COOKED

# What is asked for a day beside having it or not.
MENUS: tuple[Action, ...] = ("white", "packed")


@dataclass(frozen=True, slots=True)
class Askable:
    """
    One day of a child's service, as it stands before it is asked for.

    :ivar can_ask: something can still be asked: the cut-off has not passed
    :ivar until: the last instant for what is asked first: to cancel what is wanted, to book what is not
    :ivar white_limit: which limit one more white meal would break (R3); empty for none, and where nobody has looked
    """

    child: FamilyChild
    use: Enrolled
    known: DayAsked
    terms: DayTerms
    now: datetime
    white_limit: WhiteLimit = ""

    @property
    def can_ask(self) -> bool:
        """Some request of this instant would be in time."""
        return self.can(self.first_action) or any(self.can(action) for action in MENUS)

    def can(self, action: Action) -> bool:
        """Tell whether this request of this instant would be in time."""
        is_open = self.known.is_served and not self.known.closed_because and not self.is_taken
        return is_open and self.terms.is_near(self.now) and self.now <= self.until_for(action)

    def until_for(self, action: Action) -> datetime:
        """Return the last instant at which this is asked for."""
        return self.terms.cut_off_of(action, is_wanted=self.known.is_wanted)

    @property
    def first_action(self) -> Action:
        """What is asked first."""
        return "cancel" if self.known.is_wanted else "book"

    @property
    def until(self) -> datetime:
        """The last instant for what is asked first."""
        return self.until_for(self.first_action)

    @property
    def is_taken(self) -> bool:
        """The school has called the roll already, and there its word is the last one."""
        return self.terms.mode == "roll_call" and self.known.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a child and, of its family, everything else that can be asked for the same day; the child's own first."""

    child: FamilyChild
    siblings: tuple[FamilyChild, ...]
    day: date
    services: tuple[Askable, ...]
    others: tuple[Askable, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Some days of a child's service, with what is wanted of each."""

    child: FamilyChild
    siblings: tuple[FamilyChild, ...]
    use: Enrolled | None
    services: tuple[Enrolled, ...]
    days: tuple[Askable, ...]


def day_to_ask(*, user: User, child_id: int, day: date, now: datetime) -> Day:
    """
    Look at one day of a child and its siblings before something is asked for: five queries, three more for white meals.

    :raises NotFound: the child is not this user's
    """
    children = people.children_of(user=user)
    child = next((one for one in children if one.id == child_id), None)
    if child is None:
        raise NotFound
    uses = enrolment.enrolled(child_ids=[one.id for one in children], day=day)
    found = _limited(_askable(children, uses, [day], now), day)
    mine = tuple(one for one in found if one.child.id == child_id)
    others = tuple(one for one in found if one.child.id != child_id)
    return Day(child, tuple(one for one in children if one.id != child_id), day, mine, others)


def days_to_ask(*, user: User, child_id: int, service_id: int | None, first: date, last: date, now: datetime) -> Week:
    """
    Look at some days of a child's service, both included: five queries.

    :param service_id: None takes the meal, else the first one that it uses then
    :raises NotFound: the child is not this user's, or does not use the service
    """
    children = people.children_of(user=user)
    child = next((one for one in children if one.id == child_id), None)
    if child is None:
        raise NotFound
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    uses = enrolment.subscriptions_of(child_id=child_id)
    live = [use for use in uses if use.first <= last and (use.end is None or first < use.end)]
    by_service = {use.service_id: use for use in reversed(live)}
    services = tuple(sorted(by_service.values(), key=lambda use: (use.kind not in COOKED, use.service_id)))
    if service_id is not None and service_id not in {use.service_id for use in services}:
        raise NotFound
    use = next((one for one in services if service_id in (None, one.service_id)), None)
    found = _askable([child], [use], days, now) if use else []
    siblings = tuple(one for one in children if one.id != child_id)
    return Week(child, siblings, use, services, tuple(found))


def next_day(*, user: User, child_id: int, after: date, now: datetime) -> date | None:
    """Return the next day, of the two weeks that follow, for which the child's cut-off has not passed."""
    first = after + timedelta(days=1)
    week = days_to_ask(user=user, child_id=child_id, service_id=None, first=first, last=first + timedelta(days=13), now=now)
    return next((one.known.day for one in week.days if one.can_ask), None)


def _limited(found: Sequence[Askable], day: date) -> list[Askable]:
    """Look which of them have had all the white meals they may ask for."""
    asks = {one.known.key: one for one in found if one.use.kind in COOKED and not one.known.is_white and one.can("white")}
    whites = Whites.around(lines=[key[:2] for key in asks], first=day, last=day)
    return [replace(one, white_limit=whites.refused(one.known.key)) if one.known.key in asks else one for one in found]


def _askable(
    children: Sequence[FamilyChild], uses: Sequence[Enrolled], days: Sequence[date], now: datetime
) -> list[Askable]:
    of_child = {child.id: child for child in children}
    by_line = {(use.child_id, use.service_id): use for use in uses}
    found = asked.days_of(lines=list(by_line), days=days)
    if not found:
        return []
    of_day = terms.between(first=days[0], last=days[-1])
    return [
        Askable(
            of_child[one.child_id],
            by_line[one.child_id, one.service_id],
            one,
            of_day[one.day].of(service_id=one.service_id, school_id=one.school_id),
            now,
        )
        for one in found
        if one.is_served
    ]
