"""What a family may ask for its days, what it has asked and was told: the pages of cancellations and bookings."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import answers, asked, terms
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.answers import Answer, AnsweredDay
from campanella.domains.attendance.rules import pays_by_booking
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Told:
    """One day of a request, as its page tells it; ``price`` is what the day costs."""

    child: FamilyChild
    place: Place | None
    use: Enrolled | None
    answered: AnsweredDay
    # Who has not cancelled pays; elsewhere who is there does.
    pays_by_booking: bool

    @property
    def price(self) -> Euro:
        """What the day costs."""
        return self.use.price if self.use else Euro(0)


@dataclass(frozen=True, slots=True)
class Request:
    """
    A request with its number, as a proof.

    :ivar undo_until: until when all that is still live of it can be taken back; None when nothing can
    :ivar taken_back: by which requests, and when
    :ivar undoes: the number of the request it takes back
    :ivar eating: who eats now in the school of its one day, None where that says nothing
    """

    answer: Answer
    days: tuple[Told, ...]
    undo_until: datetime | None
    taken_back: tuple[tuple[str, datetime], ...]
    undoes: str
    eating: int | None


def request(*, user: User, number: str, now: datetime) -> Request:
    """
    Return a request as a proof: ten queries, however many its days.

    :raises NotFound: it is not of this user's children
    """
    answer = answers.answer(number=number)
    children = {child.id: child for child in people.children_of(user=user)}
    child_ids = sorted({day.child_id for day in answer.days})
    if not answer.days or not set(child_ids) <= set(children):
        raise NotFound
    first, last = answer.days[0].day, answer.days[-1].day
    places = schools.places_of(child_ids=child_ids, day=first)
    uses = [
        use
        for service_id in sorted({day.service_id for day in answer.days})
        for use in enrolment.uses_of(child_ids=child_ids, service_id=service_id)
    ]
    of_day = terms.between(first=first, last=last)

    def told(day: AnsweredDay) -> Told:
        place, use = places.get(day.child_id), next((use for use in uses if _is_use(use, day)), None)
        mode = of_day[day.day].of(service_id=day.service_id, school_id=place.school_id).mode if place else "opt_out"
        return Told(children[day.child_id], place, use, day, pays_by_booking(mode))

    days = tuple(told(day) for day in answer.days)
    back = answers.taken_back_by(request_id=answer.request_id)
    undo_until = None
    if answer.is_accepted and not answer.undoes_id:
        undo_until = _undo_until(answer, of_day, places, now)
    return Request(
        answer=answer,
        days=days,
        undo_until=undo_until,
        taken_back=tuple(back),
        undoes=answers.number_of(request_id=answer.undoes_id) if answer.undoes_id else "",
        eating=_eating(answer, places) if answer.is_accepted else None,
    )


def _is_use(use: Enrolled, day: AnsweredDay) -> bool:
    return (use.child_id, use.service_id) == (day.child_id, day.service_id) and use.holds_on(day.day)


def _undo_until(
    answer: Answer, of_day: dict[date, terms.TermsOfDay], places: dict[int, Place], now: datetime
) -> datetime | None:
    """Return the first cut-off among the days that can still be taken back."""
    keys = [(day.child_id, day.service_id, day.day) for day in answer.days if day.counts]
    facts = asked.wishes_of(days=keys)
    ends = []
    for key in keys:
        child_id, service_id, day = key
        is_undone = any(f.kind == "undone" and f.counts and f.request == answer.request_id for f in facts[key])
        place = places.get(child_id)
        if place and not is_undone:
            ends.append(of_day[day].of(service_id=service_id, school_id=place.school_id).cut_off)
    return min((end for end in ends if end >= now), default=None)


def _eating(answer: Answer, places: dict[int, Place]) -> int | None:
    """Count who eats now in the school of a request that is of one day and one school."""
    schools_of = {places[day.child_id].school_id for day in answer.days if day.child_id in places}
    days, services = {day.day for day in answer.days}, {day.service_id for day in answer.days}
    if not len(schools_of) == len(days) == len(services) == 1:
        return None
    (school_id,), (day,) = schools_of, days
    classes = schools.class_ids(school_ids=[school_id], day=day)
    return sum(line.eating for line in sheets.tallies(day=day, service_ids=list(services), class_group_ids=classes))
