"""A tariff of the town as its scheme: what the file said, read once in the life of a process."""

from datetime import date, timedelta
from functools import lru_cache

from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import reading
from campanella.domains.services.tariffs.shapes import Band, Flat, Scheme
from campanella.foundation.core.money import Euro


def is_scheme(tariff: Tariff) -> bool:
    """Tell whether a tariff says what everybody pays: its brackets leave no hole and do not overlap."""
    ends = [bracket.isee_up_to_cents for bracket in tariff.brackets.all()]
    return bool(tariff.scheme) or (len(ends) == len(set(ends)) and None in ends)


def scheme_of(tariff: Tariff) -> Scheme:
    """
    Return a tariff as a scheme; one that is its brackets and no more becomes bands with plain prices, each child's by hand.

    :param tariff: with its service and brackets
    """
    if tariff.scheme:
        return scheme_in(tariff.scheme, tariff.service.code)
    brackets = sorted(tariff.brackets.all(), key=lambda one: (one.isee_up_to_cents is None, one.isee_up_to_cents, one.cents))
    bands = [
        Band(
            one.name,
            Flat((Euro(one.cents),)),
            isee_up_to=Euro(one.isee_up_to_cents) if one.isee_up_to_cents is not None else None,
        )
        for one in brackets
    ]
    return Scheme(
        code=tariff.code,
        name=tariff.name,
        service=tariff.service.code,
        first=tariff.days.lower,
        last=tariff.days.upper - timedelta(days=1) if tariff.days.upper else date.max,
        unit="day",
        bands=tuple(bands),
        level=tariff.level,
        is_reckoned=False,
    )


def words_asked() -> list[str]:
    """Return what the town's reckoned tariffs ask of a child, such as ``part_time``: one query."""
    reckoned = Tariff.objects.exclude(scheme="").select_related("service")
    schemes = [scheme_in(tariff.scheme, tariff.service.code) for tariff in reckoned]
    return sorted({word for scheme in schemes for change in scheme.changes for word in change.needs})


def asking_enrolment(*, service_id: int) -> list[Scheme]:
    """Return the tariffs of a service that ask another price of who is not enrolled: one query."""
    reckoned = (
        Tariff.objects.filter(service_id=service_id).exclude(scheme="").select_related("service").order_by("days", "id")
    )
    schemes = (scheme_in(tariff.scheme, tariff.service.code) for tariff in reckoned)
    return [scheme for scheme in schemes if scheme.asks_enrolment]


def reckoned_on(*, day: date) -> dict[int, Scheme]:
    """Return the reckoned tariffs that hold on a day: one query."""
    found = Tariff.objects.exclude(scheme="").filter(days__contains=day).select_related("service")
    return {tariff.pk: scheme_in(tariff.scheme, tariff.service.code) for tariff in found}


@lru_cache(maxsize=512)
def scheme_in(text: str, service: str) -> Scheme:
    """Return the one scheme that a text of the register says; the same text is read once."""
    return reading.schemes(text, services=[service])[0]
