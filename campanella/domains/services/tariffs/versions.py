"""A tariff in the place of another, within its season or in the next one: pure."""

from dataclasses import replace
from datetime import date, timedelta

from campanella.domains.services.tariffs.shapes import Flat, IseeRule, Scheme
from campanella.foundation.core.italian import day_full, elided

A_DAY = timedelta(days=1)


def is_list(scheme: Scheme) -> bool:
    """Tell whether a tariff is bands with one price each, of which the office gives a child its own."""
    plain = all(isinstance(band.shape, Flat) and len(band.shape.prices) == 1 and not band.household for band in scheme.bands)
    names = {band.name for band in scheme.bands}
    return (
        plain
        and len(names) == len(scheme.bands)
        and not scheme.changes
        and scheme.unit == "day"
        and scheme.isee == IseeRule()
    )


def within(*, before: Scheme, scheme: Scheme) -> Scheme:
    """
    Return a tariff as one of the season of that whose place it takes.

    ISEE that counted go on counting, and nobody enrolls anew, though the tariff begins within the season.
    """
    is_new = scheme.season is None and scheme.is_reckoned and before.first < scheme.first <= before.last + A_DAY
    return replace(scheme, season=before.season_first) if is_new else scheme


def ended(*, before: Scheme, first: date) -> Scheme:
    """Return a tariff that ends the day before another takes its place."""
    return replace(before, last=first - A_DAY)


def unfit(*, before: Scheme, scheme: Scheme, today: date) -> str:
    """Return why a tariff cannot take another's place, empty where it can."""
    old = f"«{before.name}»"
    if (before.service, before.unit, before.level) != (scheme.service, scheme.unit, scheme.level):
        return f"non è per lo stesso servizio, le stesse scuole e lo stesso periodo di {old}"
    if scheme.first <= before.first:
        return elided(f"deve cominciare dopo {old}, che vale dal {day_full(before.first)}")
    if scheme.first > before.last:
        return elided(f"non prende il posto di {old}, che finisce già il {day_full(before.last)}")
    if scheme.first <= today:
        return "vale da un giorno già cominciato: scegli da domani in poi"
    if scheme.last < before.last:
        return elided(f"buco: finisce il {day_full(scheme.last)}, e {old} valeva fino al {day_full(before.last)}")
    if before.is_reckoned and not scheme.is_reckoned:
        return f"prende il posto di {old}, che si calcola: non può tornare un elenco di prezzi"
    return ""


def corrects(*, before: Scheme, scheme: Scheme, today: date) -> bool:
    """Tell whether a tariff puts another right before that has begun: from the same day, for the same children."""
    mine = (before.service, before.unit, before.level, before.first, before.is_reckoned)
    is_one = mine == (scheme.service, scheme.unit, scheme.level, scheme.first, scheme.is_reckoned)
    return is_one and today < before.first and before.last <= scheme.last


def as_kept(scheme: Scheme) -> Scheme:
    """Return a tariff without the word by which its file lets it take another's place: that is done once."""
    return replace(scheme, replaces="")
