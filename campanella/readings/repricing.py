"""What other prices would change of days that are charged already: by child and service, in cents, before anything moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance.queries import DayMark
from campanella.domains.enrolment.reckoned import Differing
from campanella.domains.enrolment.reckoning import Households, Priced, priced
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services import rules
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Recharged:
    """
    What becomes of a child's days of a service.

    :ivar days: charged already, that would cost something else
    :ivar moves: what that takes from the wallet (above zero) or gives back
    :ivar prices: (from, price, band) from the first day that changes on
    """

    child_id: int
    child: str
    service_id: int
    service: str
    days: int
    moves: Euro
    prices: tuple[tuple[date, Euro, str], ...]

    @property
    def size(self) -> Euro:
        """How much moves, whichever way."""
        return abs(self.moves)


@dataclass(frozen=True, slots=True)
class Repricing:
    """Everything that would change."""

    lines: tuple[Recharged, ...]

    @property
    def total(self) -> Euro:
        """What it takes from wallets in all, below zero for what it gives back."""
        return Euro(sum(line.moves.cents for line in self.lines))

    @property
    def days(self) -> int:
        """How many charged days would cost something else."""
        return sum(line.days for line in self.lines)


def repricing(*, known: Households, found: Sequence[Differing], now: datetime) -> Repricing:
    """
    Return what it would move if these subscriptions were put right: four queries, and two for each service.

    :param found: what differs from the tariffs in these households
    """
    names = people.full_names(child_ids=[one.child_id for one in found])
    lines = []
    for service in services.services():
        mine = [one for one in found if one.service_id == service.pk]
        if not mine:
            continue
        days = attendance.charged_days(
            child_ids=[one.child_id for one in mine],
            service_id=service.pk,
            first=min(one.first for one in mine),
            last=clock.day_of(now),
        )
        charged = ledger.charged_for(sources=[Source.of_presence(day.presence_id) for day in days])
        by_child: dict[int, list[DayMark]] = {}
        for day in days:
            by_child.setdefault(day.child_id, []).append(day)
        for one in mine:
            pieces = [line for line in priced(known=known, kid=known.kids[one.child_id]) if line.service_id == service.pk]
            mine_days = by_child.get(one.child_id, [])
            moved = [moves for day in mine_days if (moves := _moves(day, pieces, charged)) is not None]
            lines.append(
                Recharged(
                    child_id=one.child_id,
                    child=names[one.child_id],
                    service_id=service.pk,
                    service=service.name,
                    days=sum(1 for cents in moved if cents),
                    moves=Euro(sum(moved)),
                    prices=tuple(
                        (max(line.first, one.first), _price(line), line.name) for line in _after(pieces, one.first)
                    ),
                )
            )
    return Repricing(tuple(lines))


def _after(pieces: Iterable[Priced], first: date) -> list[Priced]:
    return [line for line in pieces if line.end is None or line.end > first]


def _moves(day: DayMark, pieces: Iterable[Priced], charged: dict[Source, Euro]) -> int | None:
    was = charged.get(Source.of_presence(day.presence_id), Euro(0))
    for line in pieces:
        if line.holds_on(day.day):
            return (_price(line) - was).cents
    return None


def _price(line: Priced) -> Euro:
    return rules.price(full=Euro(line.cents), reduction_percent=line.reduction)
