"""Writing the versions of a tariff: a list of prices in a former one's place, and the end of the former."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.services.models import Bracket, Service, Tariff
from campanella.domains.services.operations import full_cents, plain_prices
from campanella.domains.services.rules import BY_SCHEME
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences({"services.tariff_ended": "ha fatto finire la tariffa {name} il {day}"})


@operation
def set_list(*, by: Actor, scheme: Scheme, codes: Mapping[str, str], now: datetime) -> Tariff:
    """
    Set a list of prices of which the office gives each child its own, in the place of one of the same code that nobody pays.

    :param codes: of its bands by name, as they are in the list whose place it takes
    """
    Bracket.objects.filter(tariff__code=scheme.code).delete()
    Tariff.objects.filter(code=scheme.code).delete()
    tariff = Tariff.objects.create(
        service=Service.objects.get(code=scheme.service),
        code=scheme.code,
        name=scheme.name,
        days=DateRange(scheme.first, scheme.last + timedelta(days=1)),
        level=scheme.level,
    )
    taken = set(codes.values())
    prices = plain_prices(scheme)
    free = (str(number) for number in range(1, len(prices) + len(taken) + 1) if str(number) not in taken)
    Bracket.objects.bulk_create(
        Bracket(tariff=tariff, code=codes.get(name) or next(free), name=name, isee_up_to_cents=isee, cents=cents)
        for _, name, isee, cents in prices
    )
    audit.record(
        by=by,
        action="services.tariff",
        subjects=["services", f"service:{tariff.service_id}"],
        at=now,
        data={"name": scheme.name},
    )
    return tariff


@operation
def correct(*, by: Actor, tariff: Tariff, scheme: Scheme, text: str, now: datetime) -> None:
    """
    Put a tariff right that has not begun; who will pay it stays at its prices, which become the new ones.

    :param scheme: of the same code; a list names every price that it had
    :param text: as its file says it, empty for a list
    """
    tariff.name, tariff.scheme = scheme.name, text
    tariff.days = DateRange(scheme.first, scheme.last + timedelta(days=1))
    tariff.save(update_fields=["name", "scheme", "days"])
    mine = Bracket.objects.filter(tariff=tariff)
    prices = {name: (isee, cents) for _, name, isee, cents in plain_prices(scheme)}
    known = {one.name: one for one in mine.filter(is_reckoned=False).exclude(code=BY_SCHEME if text else "")}
    for name, (isee, cents) in prices.items():
        if name in known:
            mine.filter(pk=known[name].pk).update(isee_up_to_cents=isee, cents=cents)
        else:
            Bracket.objects.create(
                tariff=tariff, code=f"{cents}-{len(known)}-{name}"[:40], name=name, isee_up_to_cents=isee, cents=cents
            )
    # A band that is no more is chosen by nobody; the whole of a tariff costs what its last band does.
    mine.filter(pk__in=[one.pk for name, one in known.items() if name not in prices]).update(is_reckoned=True)
    if text:
        mine.filter(code=BY_SCHEME).update(name=scheme.name, cents=full_cents(scheme))
    audit.record(
        by=by,
        action="services.tariff",
        subjects=["services", f"service:{tariff.service_id}"],
        at=now,
        data={"name": scheme.name},
    )


@operation
def note_rolled(*, tariff_ids: Collection[int], roll_id: int) -> None:
    """Write down by which roll-over tariffs were carried into their year."""
    Tariff.objects.filter(pk__in=list(tariff_ids)).update(rolled_by_id=roll_id)


@operation
def take_rolled_away(*, roll_id: int) -> None:
    """Take away the tariffs that a roll-over has carried; nobody pays them."""
    tariffs = Tariff.objects.filter(rolled_by_id=roll_id)
    Bracket.objects.filter(tariff__in=tariffs).delete()
    tariffs.delete()


@operation
def end_before(*, by: Actor, tariff: Tariff, first: date, text: str, now: datetime) -> None:
    """
    Let a tariff end the day before another takes its place.

    :param text: the scheme with its new end, empty for a list of prices
    """
    tariff.days = DateRange(tariff.days.lower, first)
    tariff.scheme = text
    tariff.save(update_fields=["days", "scheme"])
    day = day_figures(first - timedelta(days=1))
    audit.record(
        by=by,
        action="services.tariff_ended",
        subjects=["services", f"service:{tariff.service_id}"],
        at=now,
        data={"name": tariff.name, "day": day},
    )
