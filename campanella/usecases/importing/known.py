"""What the town has already, read once in a dozen queries, so that the plan needs no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from campanella.domains.applying import admitting
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import queries as ledger
from campanella.domains.people.models import Child, FormerCode, Guardian, Guardianship
from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, Membership, School
from campanella.domains.services import rules
from campanella.domains.services.models import Bracket, Service, ServiceCalendar
from campanella.domains.services.queries import CHOSEN
from campanella.foundation.core.money import Euro

# The code of a price list made by an import begins like this.
IMPORTED = "importata-"
SEPTEMBER = 9


@dataclass(frozen=True, slots=True)
class Person:
    """A child or an adult of the town; ``email`` and ``phone`` are empty for a child."""

    id: int
    family_name: str
    given_name: str
    tax_code: str
    birth_date: date | None = None
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """The class a child has on the first day or later, since when."""

    of: int
    since: date


@dataclass(frozen=True, slots=True)
class Line:
    """The subscription a child has to a service on the first day or later; ``end`` None while it lasts."""

    id: int
    bracket_id: int
    cents: int
    reduction_percent: int
    since: date
    end: date | None
    # Its price follows from a tariff that is reckoned: no file changes it.
    is_reckoned: bool = False

    @property
    def paid(self) -> Euro:
        """What a day costs, the reduction taken off."""
        return rules.price(full=Euro(self.cents), reduction_percent=self.reduction_percent)


@dataclass(frozen=True)
class Price:
    """
    A bracket of a service that holds on the first day.

    :ivar level: of the schools it is for, empty for all
    :ivar season_end: the first day after its tariff
    """

    id: int
    service: str
    code: str
    name: str
    cents: int
    is_full: bool
    level: str
    season_end: date | None


@dataclass(frozen=True)
class Known:
    """
    The town before the import.

    :ivar year: the school year of the first day, half-open
    :ivar schools: name and level by code
    :ivar subscriptions: by child and service's code
    :ivar carried: what the openings of a child brought for a service; empty where a common wallet does not say for which
    :ivar shut: schools (with an empty name) and classes that are no more on the first day, by code and name
    """

    year: tuple[date, date]
    children: dict[int, Person]
    former: dict[str, int]
    guardians: dict[int, Person]
    ties: dict[int, dict[int, bool]]
    schools: dict[str, tuple[str, str]]
    classes: dict[tuple[str, str], int]
    places: dict[int, Stay]
    services: dict[str, str]
    calendars: set[tuple[str, str]]
    prices: list[Price]
    subscriptions: dict[tuple[int, str], Line]
    carried: dict[tuple[int, str], Euro]
    # Of services to which only the enrolled are admitted, by code, the children that are.
    enrolled: Mapping[str, set[int]] = field(default_factory=dict)
    shut: set[tuple[str, str]] = field(default_factory=set)


def read(*, first: date) -> Known:
    """
    Read the active town.

    :param first: the day from which the file holds
    """
    found = schools.year_of(day=first)
    year = (found.days.lower, found.days.upper) if found else year_around(first)
    return Known(
        year=year,
        children=_children(),
        former=dict(FormerCode.objects.values_list("code", "child_id")),
        guardians=_guardians(),
        ties=_ties(),
        schools={code: (name, level) for code, name, level in School.objects.values_list("code", "name", "level")},
        classes={
            (school, name): pk
            for school, name, pk in ClassGroup.objects.filter(year__days__contains=first).values_list(
                "school__code", "name", "id"
            )
        },
        places=_places(first),
        services=dict(Service.objects.values_list("code", "kind")),
        calendars=set(ServiceCalendar.objects.filter(days__overlap=year).values_list("service__code", "school__code")),
        prices=_prices(first),
        subscriptions=_subscriptions(first),
        carried=_carried(),
        enrolled=_enrolled(first),
        shut=kept.shut_on(day=first),
    )


def year_around(day: date) -> tuple[date, date]:
    """Return the usual school year of a day, from 1 September to the next."""
    start = day.year if day.month >= SEPTEMBER else day.year - 1
    return date(start, SEPTEMBER, 1), date(start + 1, SEPTEMBER, 1)


def _children() -> dict[int, Person]:
    rows = Child.objects.values_list("id", "family_name", "given_name", "tax_code", "birth_date")
    return {row[0]: Person(*row) for row in rows}


def _guardians() -> dict[int, Person]:
    rows = Guardian.objects.values_list("id", "family_name", "given_name", "tax_code", "email", "phone")
    return {row[0]: Person(*row[:4], None, *row[4:]) for row in rows}


def _ties() -> dict[int, dict[int, bool]]:
    ties: dict[int, dict[int, bool]] = {}
    for child_id, guardian_id, is_payer in Guardianship.objects.values_list("child_id", "guardian_id", "is_payer"):
        ties.setdefault(child_id, {})[guardian_id] = is_payer
    return ties


def _places(first: date) -> dict[int, Stay]:
    # Newest first: the earliest one that still matters is written last and stays.
    rows = Membership.objects.filter(days__overlap=(first, None)).order_by("-days")
    found = rows.values_list("child_id", "class_group_id", "days")
    return {child: Stay(of, days.lower) for child, of, days in found}


def _carried() -> dict[tuple[int, str], Euro]:
    codes: dict[int | None, str] = {None: "", **dict(Service.objects.values_list("id", "code"))}
    carried: dict[tuple[int, str], Euro] = {}
    for one in ledger.openings().values():
        key = (one.child_id, codes[one.service_id])
        carried[key] = carried.get(key, Euro(0)) + one.amount
    return carried


def _enrolled(first: date) -> dict[str, set[int]]:
    found = admitting.enrolled_on(day=first)
    codes = dict(Service.objects.values_list("id", "code")) if found else {}
    return {codes[service_id]: children for service_id, children in found.items()}


def _prices(first: date) -> list[Price]:
    rows = Bracket.objects.filter(CHOSEN, tariff__days__contains=first, is_reckoned=False).order_by("id")
    of_tariff = ("tariff__service__code", "tariff__code", "tariff__level", "tariff__days")
    return [
        Price(pk, service, code, name, cents, isee is None and not tariff.startswith(IMPORTED), level, days.upper)
        for pk, code, name, cents, isee, service, tariff, level, days in rows.values_list(
            "id", "code", "name", "cents", "isee_up_to_cents", *of_tariff
        )
    ]


def _subscriptions(first: date) -> dict[tuple[int, str], Line]:
    rows = Subscription.objects.filter(days__overlap=(first, None)).annotate(is_reckoned=~Q(bracket__tariff__scheme=""))
    found = rows.order_by("-days").values_list(
        "child_id", "service__code", "id", "bracket_id", "bracket__cents", "reduction_percent", "days", "is_reckoned"
    )
    return {
        (child, service): Line(pk, bracket, cents, percent, days.lower, days.upper, is_reckoned)
        for child, service, pk, bracket, cents, percent, days, is_reckoned in found
    }
