"""The classes of a member of staff on a day, school by school, with how far each is."""

from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.accounts.queries import User
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.schools.queries import ClassGroup
from campanella.domains.services.queries import Service
from campanella.interfaces.rollcall.words import Words, words_for
from campanella.readings import counted
from campanella.readings.serving import ServingDay

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
    """One school with its classes; folded, only their number is shown."""

    id: int
    name: str
    cards: list[ClassCard]
    is_folded: bool = False

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

    @property
    def words(self) -> Words:
        """The words of the service."""
        return words_for(self.service.kind if self.service else "")

    @property
    def still_to_do(self) -> int:
        """Classes that are served and not confirmed."""
        return sum(school.to_do for school in self.schools)

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
    lines = {line.class_group_id: line for line in of_day.lines_of(service_id=service.pk)}
    return Listing(day, running, service, _by_school(served, lines, today, service))


def next_after(*, user: User, class_id: int, code: str, day: date) -> ClassCard | None:
    """Return the class of the same school that is the next to do, after one that is done: two queries."""
    for school in of(user=user, day=day, service_code=code).schools:
        at = next((i for i, card in enumerate(school.cards) if card.class_id == class_id), None)
        if at is not None:
            around = [*school.cards[at + 1 :], *school.cards[:at]]
            return next((card for card in around if card.state in TO_DO), None)
    return None


def _by_school(
    groups: list[ClassGroup], lines: dict[int, BoardLine], today: ServingDay, service: Service
) -> list[SchoolCards]:
    found: dict[int, SchoolCards] = {}
    for group in groups:
        closed = today.closed_because(school_id=group.school_id, class_group_id=group.pk, service_id=service.pk)
        card = ClassCard(group.pk, group.name, closed, lines.get(group.pk))
        found.setdefault(group.school_id, SchoolCards(group.school_id, group.school.name, [])).cards.append(card)
    return list(found.values())
