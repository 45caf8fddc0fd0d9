"""
What each day of a child costs by its tariff, out of what is on record of its household: nothing is asked, nothing written.

A subscription to a reckoned tariff is cut into pieces, each from the day on which something changes: an ISEE begins to count
or is over, a sibling joins or leaves a service, a reduction begins or ends, another adult pays, the child moves,
it is enrolled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from campanella.domains.enrolment.rules import EnrolmentAsked
from campanella.domains.services.rules import price
from campanella.domains.services.tariffs import dating, quoting
from campanella.domains.services.tariffs.facts import Facts, NoPrice, Sibling
from campanella.domains.services.tariffs.quoting import Quote
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.money import Euro

A_DAY = timedelta(days=1)
WORKING_WEEK = 0b11111
NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class Declared:
    """An ISEE that may count, with the days that decide from when and until when."""

    id: int
    cents: int
    received_on: date
    valid_until: date
    household: int | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """
    A subscription from a day until another, at a price.

    :ivar id: None for one that is not on record
    :ivar end: first day after, None while it lasts
    :ivar reduction: by hand, in percent, on top of what the tariff says
    """

    id: int | None
    child_id: int
    service_id: int
    service: str
    tariff_id: int
    name: str
    cents: int
    reduction: int
    weekdays: int
    first: date
    end: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether the service is used on a day."""
        return self.first <= day and (self.end is None or day < self.end)

    def is_as(self, other: "Priced") -> bool:
        """Tell whether two are one but for their days."""
        mine = (self.tariff_id, self.name, self.cents, self.reduction, self.weekdays)
        return mine == (other.tariff_id, other.name, other.cents, other.reduction, other.weekdays)


@dataclass(frozen=True, slots=True)
class Kid:
    """
    A child with what prices ask of it.

    :ivar payers: (from, payer), the first one from the beginning of time
    :ivar facts: (from, is resident, words), in order
    :ivar lines: all its subscriptions, of every service, in order
    """

    id: int
    birth_date: date | None
    payers: Sequence[tuple[date, int | None]]
    facts: Sequence[tuple[date, bool, frozenset[str]]] = ()
    lines: Sequence[Priced] = ()

    def payer_on(self, day: date) -> int | None:
        """Return whose household pays on a day."""
        return [payer for first, payer in self.payers if first <= day][-1]

    def uses_on(self, day: date) -> frozenset[str]:
        """Return the codes of the services used on a day."""
        return frozenset(line.service for line in self.lines if line.holds_on(day))


@dataclass(frozen=True, slots=True)
class Households:
    """
    Children with their households.

    :ivar families: the children whose days a payer ever paid, by payer, in the order of their ids
    :ivar declared: by payer, what may count of its household
    :ivar schemes: by tariff, those that are reckoned
    :ivar asked: where an accepted application is asked of who uses a service; empty where no tariff minds
    """

    kids: Mapping[int, Kid]
    families: Mapping[int, Sequence[int]] = field(default_factory=dict)
    declared: Mapping[int, Sequence[Declared]] = field(default_factory=dict)
    schemes: Mapping[int, Scheme] = field(default_factory=dict)
    asked: Sequence[EnrolmentAsked] = ()

    def also(self, payer_id: int, declared: Declared) -> "Households":
        """Return the same with one more ISEE."""
        return replace(self, declared={**self.declared, payer_id: [*self.declared.get(payer_id, ()), declared]})

    def without(self, payer_id: int, declaration_id: int) -> "Households":
        """Return the same without one ISEE."""
        left = [one for one in self.declared.get(payer_id, ()) if one.id != declaration_id]
        return replace(self, declared={**self.declared, payer_id: left})


def counting(*, declared: Sequence[Declared], scheme: Scheme, day: date) -> Declared | None:
    """
    Return the ISEE that a day's price is made with: the last one received among those that count by then and are not over.

    Where none does, the last one received, for the price says why it does not count; None where there is none.
    """
    good = [one for one in declared if _counts(one, scheme, day)]
    return max(good or declared, key=lambda one: (one.received_on, one.id), default=None)


def begins(one: Declared, scheme: Scheme) -> date | None:
    """Return the first day of a season on which an ISEE counts, None when it never does."""
    return dating.counts_from(presented=one.received_on, rule=scheme.isee, first=scheme.season_first, last=scheme.last)


def _counts(one: Declared, scheme: Scheme, day: date) -> bool:
    first = begins(one, scheme)
    over = dating.is_over(valid_until=one.valid_until, day=day, rule=scheme.isee, first=scheme.season_first)
    return first is not None and first <= day and not over


def facts_of(*, known: Households, kid: Kid, line: Priced, scheme: Scheme, day: date) -> Facts:
    """Return what the price of a child's day depends on."""
    payer = kid.payer_on(day)
    family = known.families.get(payer, ()) if payer is not None else ()
    others = [known.kids[one] for one in family if one != kid.id and known.kids[one].payer_on(day) == payer]
    siblings = sorted([kid, *others], key=lambda one: one.id)
    isee = counting(declared=known.declared.get(payer, ()) if payer is not None else (), scheme=scheme, day=day)
    said = next((fact for fact in reversed(kid.facts) if fact[0] <= day), None)
    return Facts(
        day=day,
        children=[Sibling(one.birth_date or NO_DAY, one.uses_on(day)) for one in siblings],
        child=siblings.index(kid),
        isee=Euro(isee.cents) if isee else None,
        presented_on=isee.received_on if isee else None,
        valid_until=isee.valid_until if isee else None,
        is_resident=said[1] if said else True,
        is_enrolled=not any(
            one.service_id == line.service_id and one.lacks(child_id=kid.id, day=day) for one in known.asked
        ),
        enrolled_on=_enrolled_on(kid, line, scheme.season),
        weekdays=(line.weekdays & WORKING_WEEK).bit_count() or line.weekdays.bit_count(),
        household=isee.household if isee else None,
        words=said[2] if said else frozenset(),
    )


def quote_on(*, known: Households, kid: Kid, line: Priced, day: date) -> Quote | None:
    """Return what a child's day costs by its tariff, and why; None where the tariff is not reckoned, or has no answer."""
    scheme = known.schemes.get(line.tariff_id)
    if scheme is None:
        return None
    try:
        return quoting.quote(scheme=scheme, facts=facts_of(known=known, kid=kid, line=line, scheme=scheme, day=day))
    except NoPrice:
        return None


def charged_on(*, known: Households, kid: Kid, line: Priced, day: date) -> Quote | None:
    """Return what is charged for a child's day, and why: as reckoned, less what the office takes off by hand."""
    told = quote_on(known=known, kid=kid, line=line, day=day)
    if told is None or not line.reduction:
        return told
    charged = price(full=told.amount, reduction_percent=line.reduction)
    return replace(told, amount=charged, because=f"{told.because} Con la riduzione del {line.reduction} %: {charged}.")


def priced(*, known: Households, kid: Kid) -> list[Priced]:
    """Return a child's subscriptions as they should be: reckoned ones cut where their price changes, others as they are."""
    found: list[Priced] = []
    for line in sorted(kid.lines, key=lambda one: (one.service_id, one.first)):
        for piece in _pieces(known, kid, line):
            last = found[-1] if found else None
            if last and last.service_id == piece.service_id and last.end == piece.first and _is_one(known, last, piece):
                found[-1] = replace(last, end=piece.end)
            else:
                found.append(piece)
    return found


def _is_one(known: Households, last: Priced, piece: Priced) -> bool:
    return piece.tariff_id in known.schemes and last.is_as(piece)


def _pieces(known: Households, kid: Kid, line: Priced) -> Iterator[Priced]:
    scheme = known.schemes.get(line.tariff_id)
    if scheme is None:
        yield line
        return
    cuts = sorted(
        {line.first, *(day for day in _changes(known, kid, line, scheme) if line.first < day and line.holds_on(day))}
    )
    for place, day in enumerate(cuts):
        found = quote_on(known=known, kid=kid, line=line, day=day)
        end = cuts[place + 1] if place + 1 < len(cuts) else line.end
        piece = replace(line, first=day, end=end, id=line.id if day == line.first else None)
        # Where the tariff has no answer, the price on record stays.
        yield replace(piece, name=found.title, cents=found.amount.cents) if found else piece


def _changes(known: Households, kid: Kid, line: Priced, scheme: Scheme) -> Iterator[date]:
    """Yield the days on which a price may become another one."""
    yield scheme.first
    if scheme.last < NO_DAY:
        yield scheme.last + A_DAY
    for first, _ in kid.payers:
        yield first
    for first, *_ in kid.facts:
        yield first
    for asked in known.asked if scheme.asks_enrolment else ():
        if asked.service_id == line.service_id:
            yield from asked.edges(child_id=kid.id)
    for change in scheme.changes:
        yield from (day for day in (change.first, change.last and change.last + A_DAY) if day)
    for payer in {payer for _, payer in kid.payers if payer is not None}:
        for one in known.declared.get(payer, ()):
            yield from (day for day in (begins(one, scheme), one.valid_until + A_DAY) if day)
        for sibling in (known.kids[other] for other in known.families.get(payer, ()) if other != kid.id):
            for first, _ in sibling.payers:
                yield first
            for other in sibling.lines:
                yield other.first
                if other.end:
                    yield other.end


def _enrolled_on(kid: Kid, line: Priced, season: date | None) -> date:
    """
    Return since when a child uses a service without a break, at this tariff or at those whose place it took in its season.

    :param season: its first day, where the tariff began later
    """
    first = line.first
    for one in reversed(kid.lines):
        is_one = one.tariff_id == line.tariff_id or (season is not None and season < first)
        if one.service_id == line.service_id and is_one and one.end == first:
            first = one.first
    return first
