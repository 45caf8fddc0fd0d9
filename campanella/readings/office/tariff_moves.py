"""Whom a tariff concerns that takes another's place, and what each child pays before and after; nothing is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.enrolment import moving
from campanella.domains.enrolment.reckoning import Households, Kid, Priced, facts_of
from campanella.domains.people import queries as people
from campanella.domains.services import rules
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import NoPrice
from campanella.domains.services.tariffs.shapes import Flat, Scheme
from campanella.foundation.core.money import Euro
from campanella.readings import priced


@dataclass(frozen=True, slots=True)
class Moved:
    """
    What a child pays before and after.

    :ivar payer_id: whose household it is, None where nobody pays
    :ivar title: the band and what changes its price, then; ``because`` the sentence, empty where the office chooses prices
    :ivar price: None where the new tariff has no answer
    """

    child_id: int
    child: str
    payer_id: int | None
    first: date
    was_title: str
    was: Euro
    title: str
    price: Euro | None
    because: str

    @property
    def more(self) -> Euro:
        """How much more a day costs, below zero for less."""
        return (self.price or self.was) - self.was


@dataclass(frozen=True, slots=True)
class Group:
    """Children that pay alike before and after."""

    was_title: str
    was: Euro
    title: str
    price: Euro | None
    children: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All whom it concerns, by name."""

    lines: tuple[Moved, ...]

    @property
    def groups(self) -> list[Group]:
        """The same, summed: the largest group first."""
        sums = Counter((one.was_title, one.was, one.title, one.price) for one in self.lines)
        return [Group(*key, count) for key, count in sums.most_common()]

    @property
    def families(self) -> int:
        """How many households."""
        return len({one.payer_id if one.payer_id is not None else -one.child_id for one in self.lines})

    @property
    def dearer(self) -> int:
        """How many children pay more."""
        return sum(one.more.cents > 0 for one in self.lines)

    @property
    def cheaper(self) -> int:
        """How many children pay less."""
        return sum(one.more.cents < 0 for one in self.lines)

    @property
    def unanswered(self) -> int:
        """For how many the tariff has no answer."""
        return sum(one.price is None for one in self.lines)

    @property
    def mark(self) -> str:
        """What a page has told of it, to be compared when it is confirmed."""
        return f"{len(self.lines)}.{self.families}.{sum(one.more.cents for one in self.lines)}"


def moves(*, before: Tariff, scheme: Scheme) -> Moves:
    """
    Return what becomes of those who pay a tariff when another takes its place: eight queries, whatever the children.

    :param before: the tariff that ends
    """
    child_ids = moving.payers_from(tariff_id=before.pk, day=scheme.first)
    if not child_ids:
        return Moves(())
    known = priced.households(child_ids=child_ids, scheme=scheme)
    names = people.full_names(child_ids=child_ids)
    lines = [one for child_id in child_ids for one in _moved(known, known.kids[child_id], names, before, scheme)]
    return Moves(tuple(sorted(lines, key=lambda one: (one.child, one.child_id))))


def _moved(known: Households, kid: Kid, names: dict[int, str], before: Tariff, scheme: Scheme) -> Iterator[Moved]:
    for line in kid.lines:
        if line.tariff_id == before.pk and (line.end is None or line.end > scheme.first):
            day = max(line.first, scheme.first)
            title, price, because = _then(known, kid, line, scheme, day)
            less = None if price is None else _less(line, price)
            yield Moved(
                kid.id,
                names[kid.id],
                kid.payer_on(day),
                day,
                line.name,
                _less(line, Euro(line.cents)),
                title,
                less,
                because,
            )
            return


def _then(known: Households, kid: Kid, line: Priced, scheme: Scheme, day: date) -> tuple[str, Euro | None, str]:
    if not scheme.is_reckoned:
        band = next((one for one in scheme.bands if one.name == line.name), None)
        price = band.shape.prices[0] if band and isinstance(band.shape, Flat) else None
        return line.name, price, ""
    # The household as it stands that day, enrolled as it is.
    facts = facts_of(known=known, kid=kid, line=line, scheme=scheme, day=day)
    try:
        told = quoting.quote(scheme=scheme, facts=replace(facts, day=min(day, scheme.last)))
    except NoPrice:
        return "senza risposta", None, ""
    return told.title, told.amount, told.because


def _less(line: Priced, price: Euro) -> Euro:
    return rules.price(full=price, reduction_percent=line.reduction)
