"""Setting services, calendars and tariffs up."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.schools.models import School
from campanella.domains.services.models import Bracket, Service, ServiceCalendar, ServiceTaxation, Tariff
from campanella.domains.services.rules import BY_SCHEME
from campanella.domains.services.tariffs.facts import Facts, NoPrice, Sibling
from campanella.domains.services.tariffs.pricing import full_price
from campanella.domains.services.tariffs.shapes import Flat, Scheme
from campanella.domains.services.taxation import DEDUCTION_LABELS, STAMP_TREATMENTS, Taxation
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

WORKING_WEEK = 0b11111

# Words and pagoPA taxonomy by kind of service (pagoPA taxonomy, version 33).
USUAL = {
    "meal": ("pasto", "pasti", "9/0107101TS/"),
    "bus": ("giorno", "giorni", "9/0107102SP/"),
    "bus_out": ("corsa", "corse", "9/0107102SP/"),
    "bus_back": ("corsa", "corse", "9/0107102SP/"),
    "nursery": ("giorno", "giorni", "9/0107106SP/"),
    "before": ("giorno", "giorni", "9/0107103SP/"),
    "after": ("giorno", "giorni", "9/0107105SP/"),
    "camp": ("giorno", "giorni", "9/0108103TS/"),
}

audit.sentences(
    {
        "service.taxation": "ha detto come il fisco tratta {service} dal {year}: {what}",
        "services.tariff": "ha caricato la tariffa {name}",
    }
)


@operation
def register_service(*, code: str, name: str, kind: str, position: int = 0) -> Service:
    """Register a service with the usual words and taxonomy of its kind; a second call changes nothing."""
    unit, units, taxonomy = USUAL[kind]
    defaults = {
        "name": name,
        "kind": kind,
        "unit": unit,
        "units": units,
        "taxonomy": taxonomy,
        "position": position,
    }
    return Service.objects.get_or_create(code=code, defaults=defaults)[0]


@operation
def set_taxation(*, by: Actor, service: Service, from_year: int, taxation: Taxation, now: datetime) -> None:
    """Say how tax law treats a service from a calendar year on; said again for the same year, the last word holds."""
    said = {"deduction": taxation.deduction, "vat": taxation.vat, "stamp": taxation.stamp}
    ServiceTaxation.objects.update_or_create(service=service, from_year=from_year, defaults=said)
    words = f"{DEDUCTION_LABELS[taxation.deduction].lower()}, {taxation.treatment.label}"
    if not taxation.treatment.is_subject:
        words += f", bollo {STAMP_TREATMENTS[taxation.stamp].label}"
    audit.record(
        by=by,
        action="service.taxation",
        subjects=["services"],
        at=now,
        data={"service": service.name, "year": str(from_year), "what": words},
    )


@operation
def run(*, service: Service, school: School, first: date, end: date, weekdays: int = WORKING_WEEK) -> ServiceCalendar:
    """
    Let a service run in a school; a second call for the same first day changes nothing.

    :param end: first day after
    :param weekdays: seven bits, bit 0 is Monday
    """
    found = ServiceCalendar.objects.filter(service=service, school=school, days__contains=first).first()
    return found or ServiceCalendar.objects.create(
        service=service, school=school, days=DateRange(first, end), weekdays=weekdays
    )


@operation
def add_prices(*, service: Service, code: str, name: str, first: date, end: date, prices: Sequence[int]) -> dict[int, int]:
    """
    Add plain prices to a price list, making it the first time; a price that is there already is found again.

    :param prices: in cents
    :returns: the bracket by its cents
    """
    tariff = set_tariff(service=service, code=code, name=name, first=first, end=end, brackets=[])
    Bracket.objects.bulk_create(
        (
            Bracket(tariff=tariff, code=str(cents), name=str(Euro(cents)), isee_up_to_cents=None, cents=cents)
            for cents in prices
        ),
        ignore_conflicts=True,
    )
    return dict(Bracket.objects.filter(tariff=tariff).values_list("cents", "id"))


@operation
def set_tariff(
    *,
    service: Service,
    code: str,
    name: str,
    first: date,
    end: date,
    brackets: Sequence[tuple[str, str, int | None, int]],
    level: str = "",
) -> Tariff:
    """
    Set a price list; a second call with the same code changes nothing.

    :param brackets: (code, name, ISEE up to in cents or None for the full price, price in cents)
    :param level: of the schools it is for, empty for all
    """
    tariff, made = Tariff.objects.get_or_create(
        code=code, defaults={"service": service, "name": name, "days": DateRange(first, end), "level": level}
    )
    if made:
        Bracket.objects.bulk_create(
            Bracket(tariff=tariff, code=bracket, name=label, isee_up_to_cents=isee, cents=cents)
            for bracket, label, isee, cents in brackets
        )
    return tariff


@operation
def set_scheme(*, by: Actor, scheme: Scheme, text: str, now: datetime) -> Tariff:
    """
    Set a tariff of the council with its shapes, in the place of one of the same code that nobody pays yet.

    Its plain prices become brackets, and one more stands for the whole of it: that is what a child is subscribed to. A price
    that depends on more than a band gets its bracket when a child first pays it (``reckoned_brackets``).

    :param text: the scheme as its file says it
    """
    service = Service.objects.get(code=scheme.service)
    Bracket.objects.filter(tariff__code=scheme.code).delete()
    Tariff.objects.filter(code=scheme.code).delete()
    end = scheme.last + timedelta(days=1)
    tariff = Tariff.objects.create(
        service=service,
        code=scheme.code,
        name=scheme.name,
        days=DateRange(scheme.first, end),
        level=scheme.level,
        scheme=text,
    )
    Bracket.objects.bulk_create(
        Bracket(tariff=tariff, code=code, name=name, isee_up_to_cents=isee, cents=cents)
        for code, name, isee, cents in [(BY_SCHEME, scheme.name, None, full_cents(scheme)), *plain_prices(scheme)]
    )
    subjects = ["services", f"service:{service.pk}"]
    audit.record(by=by, action="services.tariff", subjects=subjects, at=now, data={"name": scheme.name})
    return tariff


@operation
def reckoned_brackets(*, wanted: Collection[tuple[int, str, int]]) -> dict[tuple[int, str, int], int]:
    """
    Return the brackets that stand for reckoned prices, making those that are not there: three statements at most.

    :param wanted: (tariff, name, cents)
    """
    tariff_ids = {tariff_id for tariff_id, _, _ in wanted}
    found = _by_price(tariff_ids)
    missing = [one for one in sorted(wanted) if one not in found]
    if missing:
        made = [
            Bracket(tariff_id=tariff_id, code=_code(name, cents), name=name, cents=cents, is_reckoned=True)
            for tariff_id, name, cents in missing
        ]
        # Two at once may both find none: what the other has made is found again.
        Bracket.objects.bulk_create(made, ignore_conflicts=True)
        found = _by_price(tariff_ids)
    return {one: found[one] for one in wanted}


def _by_price(tariff_ids: Collection[int]) -> dict[tuple[int, str, int], int]:
    rows = Bracket.objects.filter(tariff_id__in=tariff_ids).exclude(code=BY_SCHEME).order_by("-id")
    return {
        (tariff_id, name, cents): pk for pk, tariff_id, name, cents in rows.values_list("id", "tariff_id", "name", "cents")
    }


def _code(name: str, cents: int) -> str:
    return f"{cents}-{sha256(name.encode()).hexdigest()[:16]}"


def full_cents(scheme: Scheme) -> int:
    """Return the price that stands for a tariff in lists: what pays who has no ISEE; 0 where even that depends on more."""
    try:
        return full_price(scheme, Facts(day=scheme.first, children=[Sibling(scheme.first)]), 1).cents
    except NoPrice:
        return 0


def plain_prices(scheme: Scheme) -> list[tuple[str, str, int | None, int]]:
    """Return the prices that a band alone decides, as ``set_tariff`` takes its brackets."""
    found: list[tuple[str, str, int | None, int]] = []
    for place, band in enumerate(scheme.bands, start=1):
        up_to = band.isee_up_to.cents if band.isee_up_to else None
        if isinstance(band.shape, Flat):
            several = len(band.shape.prices) > 1
            for child, price in enumerate(band.shape.prices, start=1):
                name = f"{band.name}, {child}º figlio" if several else band.name
                found.append((f"{place}-{child}" if several else str(place), name, up_to, price.cents))
    return found
