"""Which of this year's tariffs go on in the next one, and writing them; they are taken away when the roll-over is undone."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.services import queries
from campanella.domains.services.models import Bracket, Service, Tariff
from campanella.domains.services.rules import BY_SCHEME
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs.carrying import Carried, carried
from campanella.domains.services.tariffs.shapes import Scheme, Unit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation
from campanella.usecases.tariffs.replacing import write

A_DAY = timedelta(days=1)


def planned(*, codes: Collection[str], since: date, first: date, year: str, raise_by: Fraction) -> list[Carried]:
    """
    Return the tariffs of some services as they would go on: two queries.

    Where the new year has a tariff already, or this one has a list of prices by name alone, nothing is carried.

    :param codes: of the services
    :param since: the first day of the present year; ``first`` that of the new one
    """
    if not codes:
        return []
    found = [one for one in queries.tariffs() if one.service.code in codes]
    taken = {one.code for one in queries.tariffs()}
    groups: dict[tuple[str, str, Unit], list[Scheme]] = {}
    settled = set()
    for tariff in found:
        scheme = kept.scheme_of(tariff)
        key = (scheme.service, scheme.level, scheme.unit)
        if scheme.last >= first:
            settled.add(key)
        elif scheme.last >= since and kept.is_scheme(tariff):
            groups.setdefault(key, []).append(scheme)
    made = []
    for key, versions in groups.items():
        if key not in settled:
            one = carried(versions=versions, since=since, into=first, year=year, taken=taken, raise_by=raise_by)
            made.append(one)
            taken.add(one.scheme.code)
    return made


def as_prices(made: Sequence[Carried], catalogue: Sequence[Service]) -> list[Bracket]:
    """Return the prices that there will be to choose from; their ids are below zero, for none is on record yet."""
    services = {one.code: one for one in catalogue}
    codes = _codes(made)
    found: list[Bracket] = []
    for place, one in enumerate(made, start=1):
        scheme = one.scheme
        days = DateRange(scheme.first, scheme.last + A_DAY)
        tariff = Tariff(
            pk=-place,
            service=services[scheme.service],
            code=scheme.code,
            name=scheme.name,
            days=days,
            level=scheme.level,
            scheme="…" if scheme.is_reckoned else "",
        )
        if scheme.unit != "day":
            continue
        names = [BY_SCHEME] if scheme.is_reckoned else [codes[scheme.code].get(band.name, "") for band in scheme.bands]
        found += [Bracket(pk=-len(found) - number, tariff=tariff, code=code) for number, code in enumerate(names, start=1)]
    return found


# Part of the roll-over, which holds the wallets of whom it concerns: it joins that act's transaction.
@operation
def write_all(*, by: Actor, made: Sequence[Carried], now: datetime) -> list[int]:
    """Write the tariffs of the new year; returns their ids."""
    codes = _codes(made)
    return [write(by=by, scheme=one.scheme, codes=codes[one.scheme.code], now=now).pk for one in made]


def _codes(made: Sequence[Carried]) -> dict[str, dict[str, str]]:
    """Return by tariff the codes of its prices by name: those of this year's list."""
    known = {one.code: one for one in queries.tariffs()} if made else {}
    return {one.scheme.code: {price.name: price.code for price in known[one.before.code].brackets.all()} for one in made}
