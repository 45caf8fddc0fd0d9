"""The classes of a member of staff on a day, school by school, with how far each is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from campanella.domains.accounts.queries import User
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.schools.queries import ClassGroup
from campanella.domains.services.queries import Service
from campanella.foundation.core.italian import at_time
from campanella.interfaces.rollcall.words import Words, words_for
from campanella.readings import counted
from campanella.readings.counted import CountedDay

TO_DO = ("begun", "to_do")
MOST_CLASSES = 60


@dataclass(frozen=True)
class ClassCard:
    """One class of the list; ``line`` is None where nobody is enrolled."""

    class_id: int
    name: str
    closed_because: str
    line: BoardLine | None

    @property
    def state(self) -> str:
        """How far the class is: closed, nobody, done, begun, to_do."""
        if self.line and self.line.is_confirmed:
            return "done"
        if self.closed_because:
            return "closed"
        if self.line is None:
            return "nobody"
        return "begun" if self.line.begun else "to_do"

    @property
    def absent(self) -> int:
        """Children who are not there."""
        return self.line.expected - self.line.eating if self.line else 0


@dataclass(frozen=True)
class SchoolCards:
    """One school with its classes, and until when it is called; folded, only their number is shown."""

    id: int
    name: str
    cards: list[ClassCard]
    closes_at: datetime
    is_folded: bool = False

    def next_after(self, class_id: int) -> ClassCard | None:
        """Return the class that is the next to do, after one that is done."""
        at = next((i for i, card in enumerate(self.cards) if card.class_id == class_id), 0)
        around = [*self.cards[at + 1 :], *self.cards[:at]]
        return next((card for card in around if card.state in TO_DO), None)

    @property
    def to_do(self) -> int:
        """Classes that are served and not confirmed."""
        return sum(card.state in TO_DO for card in self.cards)


@dataclass(frozen=True)
class Listing:
    """The list of classes of one service; ``service`` is None when nothing runs today."""

    day: date
    services: list[Service]
    service: Service | None
    schools: list[SchoolCards]
    # By school, on which weekdays the service runs there in this season, seven bits.
    weekdays: Mapping[int, int] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The words of the service."""
        return words_for(self.service.kind if self.service else "")

    @property
    def still_to_do(self) -> int:
        """Classes that are served and not confirmed."""
        return sum(school.to_do for school in self.schools)

    @property
    def closes_at(self) -> datetime | None:
        """When the next roll-call closes that is not done, as the rule of its school says; None when all are done."""
        return min((school.closes_at for school in self.schools if school.to_do), default=None)

    @property
    def closing(self) -> str:
        """Write ``closes_at`` as 9:30; empty when all are done."""
        return at_time(self.closes_at) if self.closes_at else ""

    @property
    def has_one_hour(self) -> bool:
        """All schools close at the same time: it is said once."""
        return len({school.closes_at for school in self.schools}) <= 1

    def school_of(self, class_id: int) -> SchoolCards | None:
        """Return the school of a class, None where the class does not use the service that day."""
        return next((one for one in self.schools if any(card.class_id == class_id for card in one.cards)), None)

    def in_time(self, now: datetime) -> "Listing":
        """Return the list of the schools whose hour is not over."""
        return replace(self, schools=[school for school in self.schools if now < school.closes_at])

    def too_late(self, now: datetime) -> "Listing":
        """Return the list of the schools whose hour is over."""
        return replace(self, schools=[school for school in self.schools if now >= school.closes_at])

    def folded(self, *, open_id: int | None) -> "Listing":
        """Return the list with its schools folded but one, where there are more classes than a page should show."""
        if sum(len(school.cards) for school in self.schools) <= MOST_CLASSES:
            return self
        return replace(self, schools=[replace(school, is_folded=school.id != open_id) for school in self.schools])


def of(*, user: User, day: date, service_code: str) -> Listing:
    """Return the list for one service, the first that runs when the code is of none: two queries (``counted.on``)."""
    of_day = counted.on(day=day)
    seen = of_day.held_to(user=user)
    mine = [group for group in of_day.groups if seen is None or group.school_id in seen]
    today = of_day.serving
    running = today.services(school_ids={group.school_id for group in mine})
    service = next((s for s in running if s.code == service_code), running[0] if running else None)
    if service is None:
        return Listing(day, [], None, [])
    served = [
        group for group in mine if today.uses(service_id=service.pk, school_id=group.school_id, class_group_id=group.pk)
    ]
    return Listing(day, running, service, _by_school(served, of_day, service), _weekdays(mine, of_day, service))


def _weekdays(mine: list[ClassGroup], of_day: CountedDay, service: Service) -> dict[int, int]:
    schools = {group.school_id for group in mine}
    return {pk: of_day.serving.weekdays_of(service_id=service.pk, school_ids=[pk]) for pk in schools}


def _by_school(groups: list[ClassGroup], of_day: CountedDay, service: Service) -> list[SchoolCards]:
    found: dict[int, SchoolCards] = {}
    today, terms = of_day.serving, of_day.terms
    lines = {line.class_group_id: line for line in of_day.lines_of(service_id=service.pk)}
    for group in groups:
        closes_at = terms.closes_at(service_id=service.pk, school_id=group.school_id)
        closed = today.closed_because(school_id=group.school_id, class_group_id=group.pk, service_id=service.pk)
        card = ClassCard(group.pk, group.name, closed, lines.get(group.pk))
        school = found.setdefault(group.school_id, SchoolCards(group.school_id, group.school.name, [], closes_at))
        school.cards.append(card)
    return list(found.values())
