"""What a family has asked and was told, and what the day says of it now: the proof of a request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import answers, standing, terms
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.answers import Answer, AnsweredDay
from campanella.domains.attendance.asked import DayOfLine
from campanella.domains.attendance.fact_rules import DayState, day_state
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import DayTerms, is_booked_by_default, pays_by_booking
from campanella.domains.attendance.standing import Standing
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Told:
    """
    One day of a request, as its page tells it: what it was told, and what the day says now.

    :ivar state: of the day, whatever this request says
    :ivar charged: what the day took from the credit, None while it is not charged
    """

    child: FamilyChild
    place: Place | None
    use: Enrolled | None
    answered: AnsweredDay
    standing: Standing
    terms: DayTerms
    state: DayState
    charged: Euro | None

    @property
    def price(self) -> Euro:
        """What the day costs."""
        return self.use.price if self.use else Euro(0)

    @property
    def pays_by_booking(self) -> bool:
        """Who has not cancelled pays; elsewhere who is there does."""
        return pays_by_booking(self.terms.mode)

    @property
    def is_closed(self) -> bool:
        """Nothing is served: the request holds if that is withdrawn."""
        return self.state == "closed"

    @property
    def counts(self) -> bool:
        """It counts, was not taken back, no other request says otherwise, and something is served."""
        held = self.standing.taken_back is None and not self.standing.is_overtaken
        return self.answered.counts and held and not self.is_closed


@dataclass(frozen=True, slots=True)
class Request:
    """
    A request with its number, as a proof.

    :ivar undo_until: until when all that is still live of it can be taken back; None when nothing can
    :ivar undoes: number and action of the request it takes back, both empty when it takes back none
    :ivar unused: child, service and days that were asked for and are not used
    :ivar eating: who eats now in its school, where it is of one day, one school and one service
    """

    answer: Answer
    days: tuple[Told, ...]
    undo_until: datetime | None
    undoes: tuple[str, str]
    eating: int | None
    unused: tuple[tuple[str, str, tuple[date, ...]], ...] = ()


def request(*, user: User, number: str, now: datetime) -> Request:
    """
    Return a request as a proof: sixteen queries, however many its days; one more where days of it are not used.

    :raises NotFound: it is not of this user's children
    """
    answer = answers.answer(number=number)
    children = {child.id: child for child in people.children_of(user=user)}
    child_ids = sorted({day.child_id for day in answer.days})
    if not answer.days or not set(child_ids) <= set(children):
        raise NotFound
    places = schools.places_of(child_ids=child_ids, day=answer.days[0].day)
    service_ids = sorted({day.service_id for day in answer.days})
    uses = [use for one in service_ids for use in enrolment.uses_of(child_ids=child_ids, service_id=one)]
    facts = _Facts.of(answer, places, uses, clock.day_of(now))
    days = tuple(facts.told(children[day.child_id], day) for day in answer.days)
    is_live = answer.is_accepted and not answer.undoes_id
    return Request(
        answer=answer,
        days=days,
        undo_until=_undo_until(days, now) if is_live else None,
        undoes=answers.act_of(request_id=answer.undoes_id) if answer.undoes_id else ("", ""),
        eating=_eating(answer, places) if answer.is_accepted else None,
        unused=tuple(_unused(answer, children)),
    )


def _unused(answer: Answer, children: Mapping[int, FamilyChild]) -> Iterator[tuple[str, str, tuple[date, ...]]]:
    names = {service.pk: service.name for service in services.services()} if answer.left_out else {}
    for one in answer.left_out:
        if one.child_id in children:
            yield children[one.child_id].called, names[one.service_id], one.days


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is on record of the days of a request."""

    standing: dict[DayOfLine, Standing]
    terms: dict[date, terms.TermsOfDay]
    places: dict[int, Place]
    uses: Sequence[Enrolled]
    marks: dict[DayOfLine, DayMark]
    charged: dict[Source, Euro]
    today: date

    @classmethod
    def of(cls, answer: Answer, places: dict[int, Place], uses: Sequence[Enrolled], today: date) -> "_Facts":
        first, last = answer.days[0].day, answer.days[-1].day
        keys = {day.key for day in answer.days}
        child_ids = sorted({child_id for child_id, _, _ in keys})
        found = sheets.marks_between(child_ids=child_ids, service_id=None, first=first, last=last)
        marks = {key: mark for mark in found if (key := (mark.child_id, mark.service_id, mark.day)) in keys}
        sources = [Source.of_presence(mark.presence_id) for mark in marks.values()]
        return cls(
            standing=standing.standing(answer),
            terms=terms.between(first=first, last=last),
            places=places,
            uses=uses,
            marks=marks,
            charged=ledger.charged_for(sources=sources) if sources else {},
            today=today,
        )

    def told(self, child: FamilyChild, day: AnsweredDay) -> Told:
        """Put one day together."""
        stands, mark, place = self.standing[day.key], self.marks.get(day.key), self.places.get(day.child_id)
        known = stands.known
        school_id = known.school_id if known else place.school_id if place else 0
        state = day_state(
            is_enrolled=known is not None,
            runs=known is not None and known.is_served,
            is_closed=known is not None and bool(known.closed_because),
            is_present=mark.is_present if mark else None,
            is_future=day.day > self.today,
            is_today=day.day == self.today,
            wish=known.is_booked if known else None,
            is_booked_by_default=is_booked_by_default(known.mode) if known else True,
            is_due=bool(mark and mark.is_due),
        )
        return Told(
            child=child,
            place=place,
            use=next((use for use in self.uses if _is_use(use, day)), None),
            answered=day,
            standing=stands,
            terms=self.terms[day.day].of(service_id=day.service_id, school_id=school_id),
            state=state,
            charged=self.charged.get(Source.of_presence(mark.presence_id), Euro(0)) if mark else None,
        )


def _is_use(use: Enrolled, day: AnsweredDay) -> bool:
    return (use.child_id, use.service_id) == (day.child_id, day.service_id) and use.holds_on(day.day)


def _undo_until(days: Sequence[Told], now: datetime) -> datetime | None:
    """Return the first cut-off among the days that can still be taken back."""
    live = (told for told in days if told.answered.counts and not told.standing.taken_back and told.standing.known)
    return min((told.terms.cut_off for told in live if told.terms.cut_off >= now), default=None)


def _eating(answer: Answer, places: dict[int, Place]) -> int | None:
    """Count who eats now in the school of a request that is of one day and one school."""
    schools_of = {places[day.child_id].school_id for day in answer.days if day.child_id in places}
    days, services = {day.day for day in answer.days}, {day.service_id for day in answer.days}
    if not len(schools_of) == len(days) == len(services) == 1:
        return None
    (school_id,), (day,) = schools_of, days
    classes = schools.class_ids(school_ids=[school_id], day=day)
    return sum(line.eating for line in sheets.tallies(day=day, service_ids=list(services), class_group_ids=classes))
