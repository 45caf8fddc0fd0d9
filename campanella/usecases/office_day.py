"""One day of the town: the classes with their roll-calls, the money that came in, and what waits for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campanella.domains.attendance import queries as attendance
from campanella.domains.ledger import queries as ledger
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.support import queries as support
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import mealtime

DAYS_OF_CHART = 10
WEEKS_OF_CHART = 3


class TooEarly(Refusal):
    """The classes may still confirm by themselves."""

    message = "Le classi possono ancora confermare: aspetta l’ora di chiusura dell’appello."


@dataclass(frozen=True)
class ClassDay:
    """One class and service on one day."""

    class_group_id: int
    class_name: str
    school_name: str
    service: Service
    expected: int
    eating: int
    adults: int
    confirmed_at: datetime | None

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
    beyond_floor: int
    tickets: int

    @property
    def count(self) -> int:
        """How many kinds of things wait."""
        kinds = (self.parked, self.unbooked, self.failed_messages, self.missing_classes, self.beyond_floor, self.tickets)
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
    receipts: list[ReceiptView]
    income: Euro
    debtors: int
    debt: Euro
    waiting: Waiting
    meals_by_day: list[tuple[date, int]]

    @property
    def confirmed(self) -> int:
        """How many classes have confirmed."""
        return sum(1 for line in self.classes if line.confirmed_at)

    @property
    def missing(self) -> list[ClassDay]:
        """The classes that have not confirmed yet."""
        return [line for line in self.classes if not line.confirmed_at]


def classes_on(*, day: date) -> list[ClassDay]:
    """Return the classes whose services run on a day and are not closed: four queries, whatever their number."""
    by_id = {service.pk: service for service in services.services()}
    running = {(calendar.school_id, calendar.service_id) for calendar in services.running_on(day=day)}
    closures = schools.closures_between(first=day, last=day)
    return [
        ClassDay(
            line.class_group_id, line.class_name, line.school_name, by_id[line.service_id], line.expected, line.eating,
            line.adults, line.confirmed_at,
        )
        for line in attendance.board(day=day, service_ids=list(by_id))
        if (line.school_id, line.service_id) in running
        and not schools.closure_on(
            closures=closures, day=day, school_id=line.school_id, class_group_id=line.class_group_id
        )
    ]  # fmt: skip


def waiting(*, now: datetime, classes: Sequence[ClassDay]) -> Waiting:
    """Return how much waits for the office."""
    parked, unbooked = receipts.waiting_counts()
    beyond, _ = ledger.below(limit=Euro(active_town().choices.floor))
    return Waiting(
        parked=parked, unbooked=unbooked, failed_messages=messaging.failed_count(),
        missing_classes=missing(classes=classes, now=now), beyond_floor=beyond, tickets=support.open_tickets(),
    )  # fmt: skip


def missing(*, classes: Sequence[ClassDay], now: datetime) -> list[ClassDay]:
    """Return the classes of today that did not confirm in time; nothing before the closing time."""
    return [line for line in classes if not line.confirmed_at] if now >= closing_time(clock.day_of(now)) else []


def closing_time(day: date) -> datetime:
    """Return the instant the roll-call of a day closes."""
    return clock.rome(day, active_town().choices.roll_call_closes_at)


def today(*, now: datetime) -> Today:
    """Return the office's first page."""
    day = clock.day_of(now)
    classes = classes_on(day=day)
    meals = [line for line in classes if line.service.kind == "meal"]
    came_in = receipts_of(first=day, last=day)
    debtors, debt = ledger.below(limit=Euro(0))
    closing = closing_time(day)
    return Today(
        classes=classes,
        meals=sum(line.eating for line in meals),
        adults=sum(line.adults for line in meals),
        expected_meals=sum(line.expected for line in meals),
        is_closed=now >= closing,
        seconds_left=max(0, int((closing - now).total_seconds())),
        receipts=came_in,
        income=Euro(sum(receipt.share.cents for receipt in came_in)),
        debtors=debtors,
        debt=debt,
        waiting=waiting(now=now, classes=classes),
        meals_by_day=_meals_by_day(day),
    )


def receipts_of(*, first: date, last: date) -> list[ReceiptView]:
    """Return the receipts that arrived between two days, both included, newest first."""
    midnight = time(0)
    return receipts.receipts_between(
        first=clock.rome(first, midnight), end=clock.rome(last + timedelta(days=1), midnight)
    )  # fmt: skip


@use_case
def confirm_for(*, by: Actor, class_group_ids: Sequence[int], service_id: int, now: datetime) -> int:
    """
    Confirm the classes of today that did not: marks already made hold, everybody else is there.

    Classes that have confirmed meanwhile are left as they are.

    :returns: how many are there
    :raises TooEarly: before the closing time
    """
    day = clock.day_of(now)
    if now < closing_time(day):
        raise TooEarly
    lines = [line for line in missing(classes=classes_on(day=day), now=now) if line.service.pk == service_id]
    chosen = [line for line in lines if line.class_group_id in class_group_ids]
    if not chosen:
        return 0
    return mealtime.confirm_day(
        by=by, service=chosen[0].service, day=day, class_group_ids=[line.class_group_id for line in chosen],
        absent_ids=[], now=now,
    )  # fmt: skip


def _meals_by_day(day: date) -> list[tuple[date, int]]:
    meals = [service.pk for service in services.services() if service.kind == "meal"]
    counts = attendance.present_by_day(service_ids=meals, first=day - timedelta(weeks=WEEKS_OF_CHART), last=day)
    return sorted(counts.items())[-DAYS_OF_CHART:]
