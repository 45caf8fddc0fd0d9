"""
The cast: Valle (prepaid, roll-call) and Borgo (another town, to stand before its walls), and the family Rossi.

Everything is made by calling operations, so that set-up is tested too. Sums are small and easy to follow: a meal costs
4,60 € for Anna and 3,10 € for Luca, the bus 1,50 €.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import RollCall
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.models import Wallet
from campanella.domains.ledger.rules import Source
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, School, SchoolYear
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import clock, jobs
from campanella.foundation.core import scope as scopes
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from campanella.foundation.tenants.queries import Town
from campanella.foundation.tenants.settings import stored
from tests.recording import recorded

# On a busy machine a test takes longer than a process remembers its town: what it counts must not depend on that.
tenants.FRESH_SECONDS = 3600

PASSWORD = "una-buona-password"
TODAY = date(2026, 10, 14)
TAX_CODES = {"valle": "00142920439", "borgo": "00142920413"}
OFFICE = Software("l’ufficio")
IBAN = "IT60X0542811101000000123456"


@dataclass
class Family:
    """A guardian with an access, children and their wallets by child and service code."""

    guardian: Guardian
    user: User
    children: dict[str, Child] = field(default_factory=dict)


@dataclass
class Cast:
    """A town with one school, two classes, two services and some people."""

    town: Town
    school: School
    classes: dict[str, ClassGroup]
    services: dict[str, Service]
    families: dict[str, Family]
    staff: dict[str, User]

    def wallet(self, child: str, service: str = "mensa") -> Wallet:
        """Return a wallet by the child's given name and the service's code."""
        found = [c for family in self.families.values() for name, c in family.children.items() if name == child]
        return Wallet.objects.get(child=found[0], service=self.services[service])

    def balance(self, child: str, service: str = "mensa") -> int:
        """Return a balance in cents."""
        return wallets.wallet(wallet_id=self.wallet(child, service).pk).balance.cents

    def child(self, name: str) -> Child:
        """Return a child by its given name."""
        return next(c for family in self.families.values() for n, c in family.children.items() if n == name)

    def roll_call(self, class_name: str = "2B", service: str = "mensa", day: date = TODAY) -> RollCall:
        """Begin a roll-call."""
        return attendance.begin(class_group=self.classes[class_name], service=self.services[service], day=day)

    def credit(self, child: str, cents: int, service: str = "mensa") -> None:
        """Give a wallet an opening credit."""
        opening = ledger.account(kind="opening", code="test")
        movement = ledger.Movement(
            source=Source.of_opening(f"{child}:{service}:{cents}"),
            wallet_id=self.wallet(child, service).pk,
            other_id=opening.pk,
            amount=Euro(cents),
        )
        ledger.post(
            movements=[movement],
            kind="opening",
            day=TODAY,
            memo="Saldo iniziale",
            by_id=None,
            now=clock.now(),
        )


def make_town(*, slug: str, tax_code: str, **choices: Any) -> Town:
    """Register a town directly; the application's role may not, so it is made as the owner."""
    row = Municipality(
        slug=slug,
        name=f"Comune di {slug.title()}",
        tax_code=tax_code,
        province="PU",
        hosts=[f"{slug}.localhost"],
        choices=stored({"office_email": f"scuola@{slug}.example", "iban": IBAN, **choices}),
    )
    with as_owner():
        row.save(force_insert=True)
    tenants.forget()
    return tenants.town_by_slug(slug=slug)


def without_account(town: Town) -> None:
    """Take the town's IBAN away, as the office may by mistake."""
    with as_owner():
        row = Municipality.objects.get(pk=town.id)
        row.choices = {**row.choices, "iban": ""}
        row.save()
    tenants.forget()


def choosing(town: Town, **choices: Any) -> None:
    """Let a town choose otherwise."""
    row = Municipality.objects.get(pk=town.id)
    Municipality.objects.filter(pk=town.id).update(choices={**row.choices, **choices})
    tenants.forget()


def make_cast(*, slug: str, tax_code: str) -> Cast:
    """Make a town with its people; call it inside no scope."""
    town = make_town(slug=slug, tax_code=tax_code)
    now = clock.now()
    with scope(town.id):
        year = schools.open_year(first=date(2026, 9, 1), end=date(2027, 9, 1))
        school = schools.register_school(code="rodari", name="Primaria Rodari", level="primaria")
        classes = {name: open_class(school=school, year=year, name=name) for name in ("2B", "3A")}
        meal = services.register_service(code="mensa", name="Refezione", kind="meal")
        bus = services.register_service(code="scuolabus", name="Scuolabus", kind="bus", position=1)
        for service in (meal, bus):
            services.run(service=service, school=school, first=date(2026, 9, 15), end=date(2027, 6, 10))
        prices = {"full": 460, "half": 310}
        tariff = services.set_tariff(
            service=meal,
            code="mensa-26",
            name="Mensa 2026/27",
            first=date(2026, 9, 1),
            end=date(2027, 9, 1),
            brackets=[("half", "ISEE fino a 10.000 €", 1_000_000, prices["half"]), ("full", "Intera", None, prices["full"])],
        )
        ride = services.set_tariff(
            service=bus,
            code="bus-26",
            name="Scuolabus 2026/27",
            first=date(2026, 9, 1),
            end=date(2027, 9, 1),
            brackets=[("full", "Intera", None, 150)],
        )
        cast = Cast(town, school, classes, {"mensa": meal, "scuolabus": bus}, {}, {})
        brackets = {b.code: b for b in tariff.brackets.all()}
        _family(cast, "rossi", ["Anna", "Luca"], brackets, ride.brackets.get(), now)
        _family(cast, "haddad", ["Amina"], brackets, ride.brackets.get(), now)
        for role in (Role.SCHOOL, Role.KITCHEN, Role.OFFICE, Role.CASHIER):
            cast.staff[role] = create_user(
                by=OFFICE,
                username=str(role),
                display_name=f"Persona {role.label}",
                roles=[role],
                password=PASSWORD,
                now=now,
            )
    return cast


def _family(cast: Cast, name: str, children: list[str], brackets: Any, ride: Any, now: datetime) -> None:
    codes = {"rossi": "RSSMRA85T10A562S", "haddad": "HDDNDR80A01Z330Q"}
    guardian = people.register_guardian(
        given_name="Maria Addolorata" if name == "rossi" else "Nadir",
        family_name=name.title(),
        tax_code=codes[name],
        email=f"{name}@posta.example",
        phone="333 555 0142",
    )
    user = create_user(
        by=OFFICE,
        username=name,
        display_name=guardian.full_name,
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        email=guardian.email,
        now=now,
    )
    people.give_access(guardian=guardian, user=user)
    family = Family(guardian, user)
    cast.families[name] = family
    for i, given in enumerate(children):
        child = people.register_child(given_name=given, family_name=name.title(), tax_code="", birth_date=date(2019, 4, 12))
        people.tie(child=child, guardian=guardian, is_payer=True)
        schools.place(child=child, class_group=cast.classes["2B"], first=date(2026, 9, 1), end=None)
        bracket = brackets["full" if i == 0 else "half"]
        subscribe(child=child, service=cast.services["mensa"], bracket=bracket, first=date(2026, 9, 15), end=None)
        ledger.open_wallet(child=child, service_id=cast.services["mensa"].pk)
        if given == "Anna":
            subscribe(
                child=child,
                service=cast.services["scuolabus"],
                bracket=ride,
                first=date(2026, 9, 15),
                end=None,
            )
            ledger.open_wallet(child=child, service_id=cast.services["scuolabus"].pk)
        family.children[given] = child


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner of the tables within this connection."""
    with connection.cursor() as cursor:
        cursor.execute("set role none")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"set role {settings.APPLICATION_ROLE}")


def known(slug: str) -> Cast:
    """Give Valle or Borgo within the test's transaction; call it inside no scope."""
    return recorded(slug, lambda: make_cast(slug=slug, tax_code=TAX_CODES[slug]))


@pytest.fixture
def valle(db: None) -> Iterator[Cast]:
    """Valle, with its scope open."""
    cast = known("valle")
    with scope(cast.town.id):
        yield cast


def put_back(request: pytest.FixtureRequest, key: str, prepare: Callable[[Cast], object]) -> Iterator[Cast]:
    """Give Valle prepared, with its scope open: prepared once, and put back for each test that has no Valle already."""

    def make() -> Cast:
        cast = known("valle")
        with scope(cast.town.id):
            prepare(cast)
        return cast

    if "valle" in request.fixturenames:
        valle: Cast = request.getfixturevalue("valle")
        prepare(valle)
        yield valle
        return
    cast = recorded(key, make)
    with scope(cast.town.id):
        yield cast


@pytest.fixture
def borgo(db: None) -> Cast:
    """Borgo, the town next door; no scope is open."""
    return known("borgo")


@pytest.fixture
def rossi(valle: Cast) -> Family:
    """The family Rossi of Valle."""
    return valle.families["rossi"]


@pytest.fixture
def at() -> Iterator[Any]:
    """Move the clock: ``at("09:31")`` today, or ``at("2026-10-15 08:40")``."""
    with ExitStack() as stack:

        def move(moment: str) -> datetime:
            day, _, hour = moment.rpartition(" ")
            instant = clock.rome(date.fromisoformat(day) if day else TODAY, time.fromisoformat(hour)).astimezone(UTC)
            stack.enter_context(clock.standing_at(instant))
            return instant

        yield move


def tell_again() -> None:
    """Tell PostgreSQL the test's own town again: a page or a job that ended inside the test has closed its scope."""
    town = scopes.active_town_id_or_none()
    if town is not None:
        scopes._tell_postgres(str(town))


def run_jobs(limit: int = 100) -> list[str]:
    """Run every waiting job of this transaction, those that follow included; return their names in order."""
    done: list[str] = []
    while len(done) < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from procrastinate_jobs where id ="
                " (select min(id) from procrastinate_jobs where status = 'todo') returning task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            tell_again()
            return done
        name, arguments = row[0], json.loads(row[1])
        jobs.run_now(name, **arguments)
        done.append(name if name != "react" else arguments["reaction"])
    raise AssertionError(f"jobs without end: {done}")


def open_class(*, school: School, year: SchoolYear, name: str) -> ClassGroup:
    """Open a class, or return the one that is open."""
    return ClassGroup.objects.get(pk=schools.open_classes(year=year, names=[(school.pk, name)])[school.pk, name])


def subscribe(
    *, child: Child, service: Service, bracket: Bracket, first: date, end: date | None, reduction_percent: int = 0
) -> None:
    """Subscribe one child to a service."""
    new = enrolment.NewSubscription(child.pk, service.pk, bracket.pk, end, reduction_percent)
    enrolment.subscribe_many(subscriptions=[new], first=first)


def text_of(answer: Any) -> str:
    """Return the words of a page, blanks folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def owner_connection() -> "psycopg.Connection[Any]":
    """Return a second connection, as the owner of the tables: somebody with a database console."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
