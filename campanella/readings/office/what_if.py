"""What another tariff would bring in, on the children who pay it today and the days they ate lately; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from campanella.domains.attendance import queries as attendance
from campanella.domains.enrolment.reckoning import Households, Kid, Priced, facts_of
from campanella.domains.services import rules
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import NoPrice
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.money import Euro
from campanella.readings import priced

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BandSum:
    """Who pays by a band, and what it brings in."""

    name: str
    children: int
    families: int
    days: int
    income: Euro


@dataclass(frozen=True, slots=True)
class WhatIf:
    """
    A tariff as it is, and as it would be.

    :ivar days: charged in the last thirty days to the children who pay it today
    :ivar unanswered: children for whom the other tariff has no answer; they keep their price
    :ivar dearer: how many children would pay more, and ``cheaper`` less
    """

    now: tuple[BandSum, ...]
    then: tuple[BandSum, ...]
    days: int
    unanswered: int
    dearer: int
    cheaper: int

    @property
    def income_now(self) -> Euro:
        """What those days bring in as it is."""
        return Euro(sum(band.income.cents for band in self.now))

    @property
    def income_then(self) -> Euro:
        """What they would bring in."""
        return Euro(sum(band.income.cents for band in self.then))

    @property
    def difference(self) -> Euro:
        """How much more it would bring in, below zero for less."""
        return self.income_then - self.income_now


@dataclass(frozen=True, slots=True)
class _One:
    """A child with one price."""

    band: str
    payer: int | None
    child: int
    days: int
    price: Euro


def what_if(*, scheme: Scheme, tariff_id: int, service_id: int, today: date) -> WhatIf:
    """
    Return what a scheme would bring in instead of a tariff: eight queries, whatever the number of children.

    :param scheme: of the same service; for a season to come it is asked for its first day
    """
    known = priced.households(child_ids=None, scheme=scheme)
    eaten = attendance.days_due(service_id=service_id, first=today - LATELY, last=today)
    now, then, unanswered = [], [], 0
    for kid in known.kids.values():
        for line in kid.lines:
            if line.tariff_id == tariff_id and line.holds_on(today):
                payer, days = kid.payer_on(today), eaten.get(kid.id, 0)
                now.append(_One(line.name, payer, kid.id, days, _less(line, Euro(line.cents))))
                told = _quoted(known, kid, line, scheme, today)
                unanswered += told is None
                then.append(_One(told[0], payer, kid.id, days, _less(line, told[1])) if told else now[-1])
    pairs = list(zip(now, then, strict=True))
    return WhatIf(
        now=_bands(now),
        then=_bands(then),
        days=sum(one.days for one in now),
        unanswered=unanswered,
        dearer=sum(1 for was, be in pairs if be.price > was.price),
        cheaper=sum(1 for was, be in pairs if be.price < was.price),
    )


def _quoted(known: Households, kid: Kid, line: Priced, scheme: Scheme, today: date) -> tuple[str, Euro] | None:
    # The household as it stands today, on a day of the other tariff's season.
    facts = facts_of(known=known, kid=kid, line=line, scheme=scheme, day=today)
    try:
        told = quoting.quote(scheme=scheme, facts=replace(facts, day=min(max(today, scheme.first), scheme.last)))
    except NoPrice:
        return None
    return told.title, told.amount


def _less(line: Priced, price: Euro) -> Euro:
    return rules.price(full=price, reduction_percent=line.reduction)


def _bands(lines: Iterable[_One]) -> tuple[BandSum, ...]:
    by_name: dict[str, list[_One]] = {}
    for line in lines:
        by_name.setdefault(line.band, []).append(line)
    sums = [
        BandSum(
            name=name,
            children=len(mine),
            families=len({one.payer if one.payer is not None else -one.child for one in mine}),
            days=sum(one.days for one in mine),
            income=Euro(sum(one.price.cents * one.days for one in mine)),
        )
        for name, mine in by_name.items()
    ]
    return tuple(sorted(sums, key=lambda band: (-band.children, band.name)))
