"""
What somebody pays, and why, in one sentence: pure, the one place where a tariff becomes a price.

Nothing is rounded inside a line between two points; each price is rounded half-up to the cent, each reduction works on the
rounded price and rounds what it leaves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from campanella.domains.services.tariffs import dating, pricing
from campanella.domains.services.tariffs.facts import Facts, NoPrice
from campanella.domains.services.tariffs.shapes import Change, Other, Scheme
from campanella.foundation.core.italian import day_figures, elided
from campanella.foundation.core.money import Euro

UNITS = {"day": "al giorno", "week": "alla settimana", "month": "al mese", "year": "all’anno"}


@dataclass(frozen=True, slots=True)
class Quote:
    """
    A price and its reason.

    :ivar bracket: the name of the band, or of the rule that stands before all bands
    :ivar because: one sentence in Italian that ends with the price
    :ivar changes: the names of the reductions and surcharges that hold
    """

    amount: Euro
    unit: str
    bracket: str
    because: str
    changes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The band and what changes its price, as a list says it."""
        return ", ".join((self.bracket, *self.changes))[:120]


@dataclass(frozen=True, slots=True)
class _Start:
    """A price before reductions, and how it came about."""

    bracket: str
    price: Euro
    reasons: tuple[str, ...]
    has_changes: bool = True


def quote(*, scheme: Scheme, facts: Facts) -> Quote:
    """
    Return what a child pays.

    :raises NoPrice: the day is outside the season, or no band is for these facts
    """
    if not scheme.first <= facts.day <= scheme.last:
        season = f"dal {_written(scheme.first)} al {_written(scheme.last)}"
        raise NoPrice(elided(f"La tariffa «{scheme.name}» vale {season}: il {_written(facts.day)} è fuori."))
    place = place_among_siblings(scheme=scheme, facts=facts)
    start = _start(scheme, facts, place)
    price, reasons, names = start.price, list(start.reasons), []
    for change, price in _changed(scheme, facts, start.price, place) if start.has_changes else ():
        reasons.append(f"{_told(change)}: {price}")
        names.append(change.name)
    because = elided("; ".join(reasons)) + f" {UNITS[scheme.unit]}."
    return Quote(price, scheme.unit, start.bracket, because, tuple(names))


def place_among_siblings(*, scheme: Scheme, facts: Facts) -> int:
    """
    Return whether a child is the first, the second… of its household: 1, 2, …

    Twins stand in the order of the facts; a child that does not use the service asked for is not counted where siblings
    must use the same one.
    """
    mine = facts.children[facts.child]
    others = [
        (place, one)
        for place, one in enumerate(facts.children)
        if place != facts.child
        and (scheme.service in one.services if scheme.siblings == "same_service" else bool(one.services))
    ]
    if scheme.eldest == "oldest":
        before = [1 for place, one in others if (one.birth_date, place) < (mine.birth_date, facts.child)]
    else:
        before = [1 for place, one in others if (one.birth_date, -place) > (mine.birth_date, -facts.child)]
    return len(before) + 1


def _start(scheme: Scheme, facts: Facts, place: int) -> _Start:
    """Return the price before reductions: of a rule that stands before all bands, or of the band."""
    if not facts.is_enrolled and not scheme.not_enrolled.is_as_others:
        return _outside(scheme, facts, place, scheme.not_enrolled, "Non iscritto")
    if not facts.is_resident and not scheme.non_resident.is_as_others:
        return _outside(scheme, facts, place, scheme.non_resident, "Non residente")
    isee, about = _isee(scheme, facts)
    if isee is None and scheme.without_isee.price is not None:
        return _outside(scheme, facts, place, scheme.without_isee, about, bracket="Senza ISEE")
    band = pricing.band_for(scheme, facts, isee)
    price, how = pricing.price_of(scheme, band, facts, isee, place)
    return _Start(band.name, price, (about, f"{how}: {price}"))


def _outside(scheme: Scheme, facts: Facts, place: int, rule: Other, why: str, *, bracket: str = "") -> _Start:
    price = rule.price if rule.price is not None else pricing.full_price(scheme, facts, place)
    return _Start(bracket or why, price, (f"{why}: {price}",), rule.keeps_changes)


def _isee(scheme: Scheme, facts: Facts) -> tuple[Euro | None, str]:
    """Return the ISEE that counts on the day, and what is to be said about it."""
    if facts.isee is None:
        return None, "Senza ISEE"
    told = f"ISEE {facts.isee}"
    if facts.presented_on is not None:
        begins = dating.counts_from(
            presented=facts.presented_on, rule=scheme.isee, first=scheme.season_first, last=scheme.last
        )
        told += f" presentato il {_written(facts.presented_on)}"
        if begins is None:
            return None, f"{told}: in questo anno non vale più, come senza ISEE"
        told += f", vale dal {_written(begins)}"
        if facts.day < begins:
            return None, f"{told}: il {_written(facts.day)} come senza ISEE"
    if facts.valid_until and dating.is_over(
        valid_until=facts.valid_until, day=facts.day, rule=scheme.isee, first=scheme.season_first
    ):
        return None, f"{told}, scaduto il {_written(facts.valid_until)}: come senza ISEE"
    return facts.isee, told


def _changed(scheme: Scheme, facts: Facts, price: Euro, place: int) -> Iterator[tuple[Change, Euro]]:
    """Yield each reduction that holds with the price it leaves."""
    holding = [change for change in scheme.changes if _holds(scheme, change, facts, place)]
    if not scheme.adds_up:
        falls = [change for change in holding if _apply(change, price) <= price]
        best = min(falls, key=lambda change: _apply(change, price), default=None)
        holding = [change for change in holding if change is best or change not in falls]
    for change in holding:
        price = _apply(change, price)
        yield change, price


def _holds(scheme: Scheme, change: Change, facts: Facts, place: int) -> bool:
    isee, _ = _isee(scheme, facts)
    return all(
        (
            change.children is None or change.children[0] <= place <= change.children[1],
            not change.residents or facts.is_resident,
            change.isee_up_to is None or (isee is not None and isee <= change.isee_up_to),
            change.needs <= facts.words,
            change.first is None or facts.day >= change.first,
            change.last is None or facts.day <= change.last,
            change.enrolled_after is None or (facts.enrolled_on is not None and facts.enrolled_on > change.enrolled_after),
        )
    )


def _apply(change: Change, price: Euro) -> Euro:
    return max(pricing.less(price, change.percent) - change.amount, Euro(0))


def _written(day: date) -> str:
    return day_figures(day)


def _told(change: Change) -> str:
    if change.percent:
        sign = "meno" if change.percent > 0 else "più"
        return f"{change.name}, {sign} il {pricing.percent(abs(change.percent))}"
    sign = "meno" if change.amount.cents > 0 else "più"
    return f"{change.name}, {sign} {Euro(abs(change.amount.cents))}"
