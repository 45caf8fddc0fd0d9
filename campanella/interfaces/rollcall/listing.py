"""The classes of a member of staff on a day, school by school, with how far each is."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.interfaces.rollcall.words import Words, words_for
from campanella.usecases import serving
from campanella.usecases.serving import ServingDay

TO_DO = ("begun", "to_do")


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
    """One school with its classes."""

    name: str
    cards: list[ClassCard]


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
        return sum(card.state in TO_DO for school in self.schools for card in school.cards)


def of(*, user: User, day: date, service_code: str) -> Listing:
    """Return the list for one service, the first that runs when the code is of none: four queries."""
    mine = schools.classes_for(user=user, day=day)
    today = serving.on(day=day)
    running = today.services(school_ids={group.school_id for group in mine})
    service = next((s for s in running if s.code == service_code), running[0] if running else None)
    if service is None:
        return Listing(day, [], None, [])
    served = [group for group in mine if service.pk in today.calendars.get(group.school_id, {})]
    lines = sheets.board(day=day, service_ids=[service.pk], class_group_ids=[group.pk for group in served])
    return Listing(day, running, service, _by_school(served, {line.class_group_id: line for line in lines}, today))


def next_after(*, user: User, class_id: int, code: str, day: date) -> ClassCard | None:
    """Return the class of the same school that is the next to do, after one that is done: four queries."""
    for school in of(user=user, day=day, service_code=code).schools:
        at = next((i for i, card in enumerate(school.cards) if card.class_id == class_id), None)
        if at is not None:
            around = [*school.cards[at + 1 :], *school.cards[:at]]
            return next((card for card in around if card.state in TO_DO), None)
    return None


def _by_school(groups: list[ClassGroup], lines: dict[int, BoardLine], today: ServingDay) -> list[SchoolCards]:
    found: dict[int, SchoolCards] = {}
    for group in groups:
        closed = today.closed_because(school_id=group.school_id, class_group_id=group.pk)
        card = ClassCard(group.pk, group.name, closed, lines.get(group.pk))
        found.setdefault(group.school_id, SchoolCards(group.school.name, [])).cards.append(card)
    return list(found.values())
