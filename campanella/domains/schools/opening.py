"""The office opens a school year, and says from when to when it is while nobody sits in its classes yet."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.schools.models import Membership, SchoolYear
from campanella.domains.schools.operations import DAY
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "year.opened": "ha aperto l’anno scolastico {year}: dal {first} al {last}",
        "year.changed": "ha cambiato i giorni dell’anno {year}: dal {first} al {last}",
    }
)

SHORTEST, LONGEST = timedelta(days=200), timedelta(days=400)


class NoSchoolYear(Refusal):
    """It ends before it begins, or is far too short or long."""

    message = "Un anno scolastico dura circa dodici mesi, con le vacanze: controlla i due giorni."


class YearsOverlap(Refusal):
    """Another year has some of these days, or this name."""

    message = "Un altro anno scolastico ha già alcuni di questi giorni, o comincia nello stesso anno."


class YearIsLived(Refusal):
    """Somebody sits in its classes: their places end with it."""

    message = "In quest’anno ci sono già bambini nelle classi: i suoi giorni non si cambiano più."


@operation
def open_year(*, by: Actor, first: date, last: date, now: datetime) -> SchoolYear:
    """
    Open a school year.

    :raises NoSchoolYear: it is too short or too long
    :raises YearsOverlap: another year has some of these days, or begins in the same calendar year
    """
    year = SchoolYear(name=_name(first, last), days=_days(first, last))
    if SchoolYear.objects.filter(name=year.name).exists():
        raise YearsOverlap
    return _write(by, "year.opened", year, now)


@operation
def change_year(*, by: Actor, year_id: int, first: date, last: date, now: datetime) -> SchoolYear:
    """
    Say from when to when a year is in whose classes nobody sits yet.

    :raises NoSchoolYear, YearsOverlap: as ``open_year``
    :raises YearIsLived: somebody does
    """
    year = SchoolYear.objects.select_for_update(no_key=True).filter(pk=year_id).first()
    if year is None:
        raise NotFound
    if Membership.objects.filter(class_group__year=year).exists():
        raise YearIsLived
    year.name, year.days = _name(first, last), _days(first, last)
    if SchoolYear.objects.filter(name=year.name).exclude(pk=year_id).exists():
        raise YearsOverlap
    return _write(by, "year.changed", year, now)


def _name(first: date, last: date) -> str:
    return f"{first.year}/{(first.year + 1) % 100:02}" if last >= first else ""


def _days(first: date, last: date) -> DateRange:
    if not SHORTEST <= last - first <= LONGEST:
        raise NoSchoolYear
    return DateRange(first, last + DAY)


def _write(by: Actor, action: str, year: SchoolYear, now: datetime) -> SchoolYear:
    try:
        with transaction.atomic():
            year.save()
    except IntegrityError as problem:
        if "school_years_do_not_overlap" not in str(problem):
            raise
        raise YearsOverlap from problem
    data = {"year": year.name, "first": day_figures(year.days.lower), "last": day_figures(year.days.upper - DAY)}
    audit.record(by=by, action=action, subjects=["schools"], at=now, data=data)
    return year
