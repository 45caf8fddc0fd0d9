"""The town's tariffs by service, with their versions; one explained, beside the others of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.schools.models import LEVELS
from campanella.domains.services import queries as services
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.domains.services.tariffs.telling import Told, told
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Act
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro

Standing = Literal["now", "to_come", "over"]


@dataclass(frozen=True, slots=True)
class Version:
    """
    A tariff in its season.

    :ivar level: of the schools it is for, in words; empty for all
    :ivar last: None where it has no end
    :ivar is_tariff: its prices are for everybody; otherwise it is a list of prices by name, as an import of people makes it
    :ivar payers: children that pay, paid or will pay it
    """

    id: int
    code: str
    name: str
    service_id: int
    service: str
    level: str
    first: date
    last: date | None
    standing: Standing
    is_reckoned: bool
    is_tariff: bool
    payers: int


@dataclass(frozen=True, slots=True)
class OfService:
    """A service with the versions of its tariffs, the newest first."""

    id: int
    name: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class TariffPage:
    """
    A tariff in sentences.

    :ivar prices: by name, where it is a list of prices and no tariff
    :ivar others: the versions of the same service for the same schools, the newest first, itself among them
    :ivar may_change: it is not over
    """

    version: Version
    told: tuple[Told, ...]
    prices: tuple[tuple[str, Euro], ...]
    others: tuple[Version, ...]
    may_change: bool


def listed(*, today: date) -> list[OfService]:
    """Return every service with its tariffs: four queries."""
    versions = _versions(services.tariffs(), today)
    return [
        OfService(one.pk, one.name, tuple(version for version in versions if version.service_id == one.pk))
        for one in services.services()
    ]


def page_of(*, tariff_id: int, today: date) -> TariffPage:
    """
    Return what the page of a tariff shows: three queries.

    :raises NotFound: the town has no such tariff
    """
    found = services.tariffs()
    tariff = _one(found, tariff_id)
    versions = _versions(found, today)
    version = next(one for one in versions if one.id == tariff_id)
    others = [one for one in versions if (one.service_id, one.level) == (version.service_id, version.level)]
    said = told(kept.scheme_of(tariff)) if version.is_tariff else []
    prices = [] if version.is_tariff else [(one.name, Euro(one.cents)) for one in tariff.brackets.all()]
    may_change = version.is_tariff and version.standing != "over"
    return TariffPage(version, tuple(said), tuple(prices), tuple(others), may_change)


def changeable(*, tariff_id: int, today: date) -> tuple[Version, Scheme]:
    """
    Return a tariff whose amounts may be changed from a day on: three queries.

    :raises NotFound: there is none, it is over, or it is a list of prices by name
    """
    tariff = _one(services.tariffs(), tariff_id)
    (version,) = _versions([tariff], today)
    if version.standing == "over" or not version.is_tariff:
        raise NotFound
    return version, kept.scheme_of(tariff)


def has_file(*, tariff_id: int) -> bool:
    """Tell whether there is such a tariff, and a file can say it: two queries."""
    return any(tariff.pk == tariff_id and kept.is_scheme(tariff) for tariff in services.tariffs())


def acts(version: Version) -> list[Act]:
    """Return who has changed the tariffs of its service: one query."""
    return list(audit.acts_on(subjects=[f"service:{version.service_id}"]))


def _one(found: Sequence[Tariff], tariff_id: int) -> Tariff:
    for tariff in found:
        if tariff.pk == tariff_id:
            return tariff
    raise NotFound


def _versions(found: Sequence[Tariff], today: date) -> list[Version]:
    payers = enrolment.payers_by_tariff()
    levels = dict(LEVELS)
    made = [_version(one, levels.get(one.level, ""), payers.get(one.pk, 0), today) for one in found]
    return sorted(made, key=lambda one: (one.level, -one.first.toordinal(), one.id))


def _version(tariff: Tariff, level: str, payers: int, today: date) -> Version:
    first, end = tariff.days.lower or date.min, tariff.days.upper
    standing: Standing = "to_come" if first > today else "over" if end and end <= today else "now"
    return Version(
        id=tariff.pk,
        code=tariff.code,
        name=tariff.name,
        service_id=tariff.service_id,
        service=tariff.service.name,
        level=level,
        first=first,
        last=end - timedelta(days=1) if end else None,
        standing=standing,
        is_reckoned=bool(tariff.scheme),
        is_tariff=kept.is_scheme(tariff),
        payers=payers,
    )
