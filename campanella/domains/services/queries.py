"""Which services a town has, and when they run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Prefetch, Q

from campanella.domains.services import rules
from campanella.domains.services.models import Bracket, ClassCalendar, ServiceCalendar, ServiceTaxation, Tariff
from campanella.domains.services.models import Service as Service
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.domains.services.taxation import DEDUCTIONS, STAMP_PAYERS, VATS, Taxation, usual
from campanella.foundation.core.closed import one_of

# No price is called so.
WHOLE = ""
A_MONTH = timedelta(days=31)
# Of a tariff that is reckoned, only the price that stands for the whole of it is chosen for a child.
CHOSEN = Q(tariff__scheme="") | Q(code=rules.BY_SCHEME)


def services() -> list[Service]:
    """Return the town's services in the town's order."""
    return list(Service.objects.order_by("position", "id"))


def catalogue() -> list[Service]:
    """Return the services with their tariffs and brackets, newest tariff first: three queries."""
    listed = Bracket.objects.filter(is_reckoned=False).exclude(code=rules.BY_SCHEME)
    brackets = Prefetch("brackets", listed.order_by("cents", "id"))
    tariffs = Prefetch("tariffs", Tariff.objects.order_by("-days", "id").prefetch_related(brackets))
    return list(Service.objects.order_by("position", "id").prefetch_related(tariffs))


def tariffs() -> list[Tariff]:
    """Return every tariff with its service and brackets, in the town's order: two queries."""
    brackets = Prefetch("brackets", Bracket.objects.filter(is_reckoned=False))
    rows = Tariff.objects.select_related("service").prefetch_related(brackets)
    return list(rows.order_by("service__position", "service_id", "days", "level", "id"))


def same_prices(*, before_id: int, tariff_id: int) -> dict[int, int]:
    """Return by price of a tariff the one of the same name of another, and the whole for the whole: one query."""
    rows = Bracket.objects.filter(tariff_id__in=[before_id, tariff_id], is_reckoned=False)
    found: dict[int, dict[str, int]] = {before_id: {}, tariff_id: {}}
    for tariff, scheme, code, name, pk in rows.values_list("tariff_id", "tariff__scheme", "code", "name", "id"):
        found[tariff][WHOLE if scheme and code == rules.BY_SCHEME else name] = pk
    return {pk: found[tariff_id][name] for name, pk in found[before_id].items() if name in found[tariff_id]}


def whole(*, tariff_id: int) -> int | None:
    """Return the price that stands for all of a tariff that reckons, None for a list of prices: one query."""
    rows = Bracket.objects.filter(tariff_id=tariff_id, code=rules.BY_SCHEME).exclude(tariff__scheme="")
    return rows.values_list("pk", flat=True).first()


def prices_beginning(*, service_id: int, level: str, day: date) -> list[Bracket]:
    """Return the prices of a service's tariffs that begin on a day for schools of a level: one query."""
    rows = Bracket.objects.filter(tariff__service_id=service_id, tariff__level=level, tariff__days__startswith=day)
    return list(rows.filter(is_reckoned=False).select_related("tariff__service").order_by("pk"))


def prices_with(*, bracket_ids: Collection[int]) -> list[Bracket]:
    """Return some prices, with their tariffs and services: one query."""
    return list(Bracket.objects.filter(pk__in=list(bracket_ids)).select_related("tariff__service"))


def wholes(*, service_id: int) -> list[Bracket]:
    """Return the prices that stand for all of each tariff of a service that reckons, the newest first: one query."""
    rows = Bracket.objects.filter(tariff__service_id=service_id, code=rules.BY_SCHEME).exclude(tariff__scheme="")
    return list(rows.select_related("tariff").order_by("-tariff__days", "tariff_id"))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """
    The prices of a service's tariffs that reckon, as fees ask for them.

    :ivar instead: by price those that say the same more generally: its band's, then the whole's. One that was reckoned is
        called by its band and by what changes it: "Fino a 7.000, Secondo figlio"
    :ivar shares: by price that stands for the whole of a tariff by the month, the week or the year, that tariff
    """

    instead: Mapping[int, Sequence[int]]
    shares: Mapping[int, Scheme]


def reckoning_of(*, service_id: int) -> Reckoning:
    """Return how a service's tariffs that reckon are asked for by fees: one query."""
    rows = Bracket.objects.filter(tariff__service_id=service_id).exclude(tariff__scheme="")
    by_tariff: dict[int, list[Bracket]] = {}
    shares: dict[int, Scheme] = {}
    for one in rows.select_related("tariff__service"):
        by_tariff.setdefault(one.tariff_id, []).append(one)
        if one.code == rules.BY_SCHEME:
            shares[one.pk] = kept.scheme_in(one.tariff.scheme, one.tariff.service.code)
    instead = {
        one.pk: _more_general(one, mine) for mine in by_tariff.values() for one in mine if one.code != rules.BY_SCHEME
    }
    return Reckoning(instead, {pk: scheme for pk, scheme in shares.items() if scheme.unit != "day"})


def _more_general(price: Bracket, of_tariff: Sequence[Bracket]) -> list[int]:
    bands = [one for one in of_tariff if not one.is_reckoned and one.code != rules.BY_SCHEME]
    fits = [one for one in bands if one.pk != price.pk and f"{price.name}, ".startswith(f"{one.name}, ")]
    whole = [one.pk for one in of_tariff if one.code == rules.BY_SCHEME]
    return [one.pk for one in sorted(fits, key=lambda one: -len(one.name))] + whole


def reckons() -> bool:
    """Tell whether the town has a tariff that is reckoned: one query."""
    return Tariff.objects.exclude(scheme="").exists()


def prices_from(*, day: date) -> list[Bracket]:
    """
    Return the prices to choose from that hold on a day or later, with tariff and service, in the town's order: one query.

    A tariff that is reckoned offers itself as one.
    """
    held = Bracket.objects.filter(tariff__days__overlap=DateRange(day, None), is_reckoned=False)
    rows = held.filter(CHOSEN).select_related("tariff__service")
    return list(rows.order_by("tariff__service__position", "tariff__service_id", "tariff__days", "tariff_id", "-cents"))


def other_way(*, bracket: Bracket) -> Bracket | None:
    """
    Return the price of the other ride of the same line: that of the same code, None where there is none. One query.

    :param bracket: with its tariff and service
    """
    tariff = bracket.tariff
    rows = Bracket.objects.filter(tariff__service__kind=rules.OTHER_WAY.get(tariff.service.kind, ""), code=bracket.code)
    rows = rows.filter(tariff__level=tariff.level, tariff__days=tariff.days).select_related("tariff__service")
    found = (one for one in rows if rules.same_line(one.tariff.service.code, tariff.service.code))
    return next(found, None)


def service(*, code: str) -> Service | None:
    """Return a service by its code."""
    return Service.objects.filter(code=code).first()


def service_with(*, service_id: int) -> Service:
    """Return a service of the town, which is there."""
    return Service.objects.get(pk=service_id)


def taxonomy_of(*, service_id: int) -> str:
    """Return the pagoPA taxonomy of a service."""
    return Service.objects.values_list("taxonomy", flat=True).get(pk=service_id)


def taxations(*, year: int) -> dict[int, Taxation]:
    """Return how each service is treated in a calendar year, as the town says or as is usual for its kind: two queries."""
    found = {service.pk: usual(kind=service.kind, year=year) for service in services()}
    said = ServiceTaxation.objects.filter(from_year__lte=year).order_by("from_year")
    # The later row of a service replaces the earlier one.
    return found | {row.service_id: _taxation(row) for row in said}


def taxations_said() -> dict[int, list[tuple[int, Taxation]]]:
    """Return by service what the town has said, (first calendar year, treatment), newest first: one query."""
    found: dict[int, list[tuple[int, Taxation]]] = {}
    for row in ServiceTaxation.objects.order_by("service_id", "-from_year"):
        found.setdefault(row.service_id, []).append((row.from_year, _taxation(row)))
    return found


def _taxation(row: ServiceTaxation) -> Taxation:
    return Taxation(one_of(DEDUCTIONS, row.deduction), one_of(VATS, row.vat), one_of(STAMP_PAYERS, row.stamp))


def calendars(*, school_id: int) -> list[ServiceCalendar]:
    """Return the calendars of a school, every service: one query."""
    return list(ServiceCalendar.objects.filter(school_id=school_id).select_related("service"))


def calendars_between(*, service_id: int, first: date, last: date) -> list[ServiceCalendar]:
    """Return the calendars of a service that touch these days, both included, in every school: one query."""
    days = (first, last + timedelta(days=1))
    return list(ServiceCalendar.objects.filter(service_id=service_id, days__overlap=days))


def calendars_of(*, school_ids: Sequence[int], first: date, last: date) -> list[ServiceCalendar]:
    """Return the calendars of some schools that touch these days, both included, every service: one query."""
    days = (first, last + timedelta(days=1))
    found = ServiceCalendar.objects.filter(school_id__in=list(school_ids), days__overlap=days)
    return list(found.select_related("service").order_by("service__position", "service_id"))


def weekdays_around(*, day: date) -> int:
    """Return on which weekdays anything runs in the weeks around a day, in whatever school: ``weekdays_between``."""
    return weekdays_between(first=day - A_MONTH, last=day + A_MONTH)


def weekdays_at(*, school_id: int, day: date, service_id: int | None = None) -> int:
    """Return on which weekdays a service, or any, runs in a school in the weeks around a day: seven bits, one query."""
    found = ServiceCalendar.objects.filter(school_id=school_id, days__overlap=(day - A_MONTH, day + A_MONTH))
    if service_id is not None:
        found = found.filter(service_id=service_id)
    return reduce(or_, found.values_list("weekdays", flat=True), 0)


def weekdays_between(*, first: date, last: date, service_ids: Collection[int] | None = None) -> int:
    """Return on which weekdays these services, or any, run between two days, in whatever school: seven bits, one query."""
    found = ServiceCalendar.objects.filter(days__overlap=(first, last + timedelta(days=1)))
    if service_ids is not None:
        found = found.filter(service_id__in=list(service_ids))
    return reduce(or_, found.values_list("weekdays", flat=True), 0)


def seasons_on(*, day: date) -> list[tuple[ServiceCalendar, list[int]]]:
    """Return the calendars of a day, whatever its weekday, and the classes that do not use the service then: one query."""
    of_day = ClassCalendar.objects.filter(service_id=OuterRef("service_id"), days__contains=day)
    off = of_day.annotate(on_day=F("weekdays").bitand(1 << day.weekday())).filter(on_day=0).values("class_group_id")
    found = ServiceCalendar.objects.filter(days__contains=day).select_related("service").annotate(off=ArraySubquery(off))
    return [(one, one.off) for one in found]
