"""One day of the town: the classes with their roll-calls, the money that came in, and what waits for the office."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campanella.domains.attendance.rules import pays_by_booking
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import DaySum, Span
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import Closure
from campanella.domains.services.models import Service
from campanella.domains.support import queries as support
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings import counted, serving
from campanella.readings.counted import CountedDay
from campanella.readings.office import debits, disagreements, owing, served


@dataclass(frozen=True)
class ClassDay:
    """One class and service on one day."""

    class_group_id: int
    class_name: str
    school_id: int
    school_name: str
    service: Service
    expected: int
    eating: int
    adults: int
    confirmed_at: datetime | None
    # A roll-call confirms it; where meals are booked, the cut-off does.
    is_called: bool
    # Until when it may confirm by itself.
    closes_at: datetime

    @property
    def label(self) -> str:
        """As the office reads it: ``2B, Primaria Rodari``."""
        return f"{self.class_name}, {self.school_name}"


@dataclass(frozen=True)
class Waiting:
    """How much waits for the office, by kind."""

    parked: int
    unbooked: int
    failed_messages: int
    missing_classes: list[ClassDay]
    disagreements: int
    diets: int
    without_price: int
    beyond_floor: int
    tickets: int
    debits: int

    @property
    def count(self) -> int:
        """How many kinds of things wait."""
        money = (self.parked, self.unbooked, self.beyond_floor, self.debits)
        children = (self.disagreements, self.diets, self.without_price)
        kinds = (*money, *children, self.failed_messages, self.missing_classes, self.tickets)
        return sum(1 for kind in kinds if kind)


@dataclass(frozen=True)
class Today:
    """The office's first page."""

    classes: list[ClassDay]
    meals: int
    adults: int
    expected_meals: int
    is_closed: bool
    seconds_left: int
    income: DaySum
    debtors: int
    debt: Euro
    waiting: Waiting
    meals_by_day: list[tuple[date, int]]

    @property
    def confirmed(self) -> int:
        """How many classes have confirmed."""
        return sum(1 for line in self.classes if line.confirmed_at)

    @property
    def is_provisional(self) -> bool:
        """Tell whether the meals may still change, as in the kitchen: until the hour, and while a class is missing."""
        return not self.is_closed or any(line.service.kind == "meal" for line in self.missing)

    @property
    def missing(self) -> list[ClassDay]:
        """The classes whose roll-call is waited for."""
        return [line for line in self.classes if line.is_called and not line.confirmed_at]

    @property
    def called(self) -> int:
        """How many classes have confirmed, or are waited for."""
        return self.confirmed + len(self.missing)


def classes_on(*, day: date) -> list[ClassDay]:
    """Return the classes whose services run on a day and are not closed, as ``counted.on`` keeps them."""
    return _classes_of(counted.on(day=day))


def _classes_of(of_day: CountedDay) -> list[ClassDay]:
    # The town's hour, which is no part of what is counted, is in it.
    return of_day.once(f"office.classes {of_day.terms.usual}", lambda: list(_each_class(of_day)))


def _each_class(of_day: CountedDay) -> Iterator[ClassDay]:
    terms, places = of_day.terms, {(line.service_id, line.school_id) for line in of_day.lines}
    booked = {place for place in places if pays_by_booking(terms.of(service_id=place[0], school_id=place[1]).mode)}
    closes = {place: terms.closes_at(service_id=place[0], school_id=place[1]) for place in places}
    return (
        ClassDay(
            line.class_group_id,
            line.class_name,
            line.school_id,
            line.school_name,
            of_day.services[line.service_id],
            line.expected,
            line.eating,
            line.adults,
            line.confirmed_at,
            (line.service_id, line.school_id) not in booked,
            closes[line.service_id, line.school_id],
        )
        for line in of_day.lines
        if of_day.serving.serves(service_id=line.service_id, school_id=line.school_id, class_group_id=line.class_group_id)
    )


def closed_because(*, day: date) -> str:
    """Return why nobody is called on a day, each reason once; empty where no closure says so: one query."""
    return ", ".join(dict.fromkeys(closure.reason for closure in schools.closures_between(first=day, last=day)))


def told_closures(*, day: date) -> list[tuple[str, str]]:
    """Return the closures of a day with the places and services they are of, in words: what ``counted.on`` keeps."""
    of_day = counted.on(day=day)
    names = {service.pk: service.name for service in of_day.services.values()}
    return [(one.reason, _place_of(one, names)) for one in of_day.serving.closures]


def _place_of(closure: Closure, names: Mapping[int, str]) -> str:
    place = closure.school.name if closure.school else "tutto il Comune"
    if closure.class_group:
        place = f"{closure.class_group.name}, {closure.class_group.school.name}"
    return ", ".join([place, *(name for pk, name in names.items() if pk in (closure.service_ids or ()))])


def waiting(*, now: datetime, classes: Sequence[ClassDay]) -> Waiting:
    """Return how much waits for the office."""
    parked, unbooked = receipts.waiting_counts()
    enrolled = enrolment.waiting(today=clock.day_of(now))
    ((beyond, _),) = owing.counts(limits=[Euro(active_town().chosen(CreditChoices).floor)], day=clock.day_of(now))
    return Waiting(
        parked=parked,
        unbooked=unbooked,
        failed_messages=messaging.failed_count(),
        missing_classes=missing(classes=classes, now=now),
        disagreements=disagreements.count(day=clock.day_of(now)),
        diets=enrolled.proposed_diets + enrolled.ending_diets,
        without_price=enrolled.without_price,
        beyond_floor=beyond,
        tickets=support.open_tickets(),
        debits=debits.waits(today=clock.day_of(now)).count,
    )


def missing(*, classes: Sequence[ClassDay], now: datetime) -> list[ClassDay]:
    """
    Return the classes of today whose roll-call did not come in time; none before its own closing time.

    Where meals are booked the cut-off confirms them, and there is nobody to remind.
    """
    return [line for line in unconfirmed(classes=classes, now=now) if line.is_called]


def unconfirmed(*, classes: Sequence[ClassDay], now: datetime) -> list[ClassDay]:
    """Return the classes of today that are not confirmed after their closing time, by a roll-call or by the cut-off."""
    return [line for line in classes if not line.confirmed_at and now >= line.closes_at]


def today(*, now: datetime) -> Today:
    """Return the office's first page."""
    day = clock.day_of(now)
    of_day = counted.on(day=day)
    classes = _classes_of(of_day)
    meals = [line for line in classes if line.service.kind == "meal"]
    span = Span(clock.rome(day, time(0)), clock.rome(day + timedelta(days=1), time(0)))
    ((debtors, debt),) = owing.counts(limits=[Euro(0)], day=day)
    closing = max((line.closes_at for line in classes if line.is_called), default=serving.closing_time(day))
    return Today(
        classes=classes,
        meals=sum(line.eating for line in meals),
        adults=sum(line.adults for line in meals),
        expected_meals=sum(line.expected for line in meals),
        is_closed=now >= closing,
        seconds_left=max(0, int((closing - now).total_seconds())),
        income=receipts.day_sum(span=span),
        debtors=debtors,
        debt=debt,
        waiting=waiting(now=now, classes=classes),
        meals_by_day=served.meals_by_day(today=of_day),
    )
