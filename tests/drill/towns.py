"""Two towns with classes full of children, made by calling operations."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.ledger import operations as ledger
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, SchoolYear
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests.browser.people import tax_code
from tests.towns import OFFICE, PASSWORD, TAX_CODES, TODAY, Cast, make_cast, open_class, subscribe

CLASSES = ("1A", "1B", "2C", "3C", "4A", "5A")
PRICE = 460


@dataclass
class Home:
    """A family: who signs in, where its letters go, its children and their wallets."""

    username: str
    email: str
    wallets: dict[int, int] = field(default_factory=dict)


@dataclass
class Place:
    """A town as the clients know it."""

    slug: str
    host: str
    tax_code: str
    town_id: int
    service_id: int
    homes: list[Home] = field(default_factory=list)
    classes: dict[int, list[int]] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """The days of lessons so far."""
        first = date(2026, 9, 15)
        return [day for n in range((TODAY - first).days + 1) if (day := first + timedelta(n)).weekday() < 5]


def make(slug: str) -> Place:
    """Make a town with six classes of four children, in eight families of three."""
    cast = make_cast(slug=slug, tax_code=TAX_CODES[slug])
    place = Place(slug, cast.town.host, TAX_CODES[slug], cast.town.id, cast.services["mensa"].pk)
    with scope(cast.town.id):
        year, bracket = SchoolYear.objects.get(), Bracket.objects.get(tariff__code="mensa-26", code="full")
        classes = [open_class(school=cast.school, year=year, name=name).pk for name in CLASSES]
        place.classes = {pk: [] for pk in classes}
        for number in range(8):
            place.homes.append(_home(cast, place, bracket, number, [classes[(3 * number + n) % 6] for n in range(3)]))
    return place


def _home(cast: Cast, place: Place, bracket: Bracket, number: int, class_ids: list[int]) -> Home:
    home = Home(f"casa{number}", f"casa{number}@{place.slug}.example")
    name, now = f"Prova{'abcdefgh'[number]}", clock.now()
    guardian = people.register_guardian(
        given_name="Ada",
        family_name=name,
        tax_code=tax_code(f"Ada {name}", date(1985, 1, 1 + number)),
        email=home.email,
        phone="333 555 0100",
    )
    user = create_user(
        by=OFFICE,
        username=home.username,
        display_name=guardian.full_name,
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        email=home.email,
        now=now,
    )
    people.give_access(guardian=guardian, user=user)
    for given, class_id in zip(("Nina", "Pietro", "Zoe"), class_ids, strict=True):
        born = date(2018, 2, 1 + number)
        code = tax_code(f"{given} {name}", born)
        child = people.register_child(given_name=given, family_name=name, tax_code=code, birth_date=born)
        people.tie(child=child, guardian=guardian, is_payer=True)
        group = ClassGroup.objects.get(pk=class_id)
        schools.place(child=child, class_group=group, first=date(2026, 9, 1), end=None)
        service = cast.services["mensa"]
        subscribe(child=child, service=service, bracket=bracket, first=date(2026, 9, 15), end=None)
        home.wallets[child.pk] = ledger.open_wallet(child=child, service_id=service.pk).pk
        place.classes[class_id].append(child.pk)
    return home
