"""
A thousand histories of school days end in the same state and the same money in every order, and as often as they come.

A history is what happened to one child on one day; a class of sixty lives through two days at once, with one confirmation,
one mode and the closures for all: what costs is an act, whatever the number of children in it. Each is played in orders of
its own by the real ways in: the tablets' API, the teacher's page, the use cases of families and office.
``CAMPANELLA_HISTORIES=10000`` plays as many; ``tests/domains/attendance/test_folding.py`` folds more by the rules alone.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries, verify
from campanella.domains.ledger.models import Wallet
from campanella.domains.ledger.rules import Source
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from tests.browsing import browser
from tests.tablets import Marks, paired
from tests.towns import OFFICE, PASSWORD, Cast, Family, choosing, subscribe
from tests.usecases.days import reference
from tests.usecases.days.history import DAYS, FIRST, GRACE, LARGEST_ERROR, History, Writer, on
from tests.usecases.days.playing import Play, School

FAMILIES = [tuple(range(10 * n, 10 * n + 10)) for n in range(6)]
CHILDREN = sum(map(len, FAMILIES))
EACH = CHILDREN * len(DAYS)
WORLDS = -(-int(os.environ.get("CAMPANELLA_HISTORIES") or 1000) // EACH)
# Played one after another in the same school, which each leaves as it was.
ROUNDS = [range(1), *(range(first, min(first + 4, WORLDS)) for first in range(1, WORLDS, 4))]
ORDERS = 2
PRICE = 460


@pytest.fixture
def school(valle: Cast) -> School:
    """A class of sixty children of six families, two tablets and the page of its teacher."""
    choosing(
        valle.town,
        white_meals_in_a_row=0,
        white_meals_in_a_month=0,
        offline_grace_minutes=GRACE.seconds // 60,
        offline_clock_error_minutes=LARGEST_ERROR.seconds // 60,
    )
    meal, group = valle.services["mensa"], valle.classes["2B"]
    bracket = Bracket.objects.get(tariff__code="mensa-26", code="full")
    families, children = [], []
    with clock.standing_at(on(FIRST, -30)):
        for number, members in enumerate(FAMILIES):
            guardian = people.register_guardian(
                given_name="Ada", family_name=f"Famiglia{number}", tax_code="", email=f"f{number}@posta.example", phone=""
            )
            user = create_user(
                by=OFFICE,
                username=f"famiglia{number}",
                display_name="Ada",
                roles=[Role.GUARDIAN],
                password=PASSWORD,
                email=guardian.email,
                now=clock.now(),
            )
            people.give_access(guardian=guardian, user=user)
            families.append(Family(guardian, user))
            for member in members:
                child = people.register_child(
                    given_name=f"Bimbo{member}", family_name=f"Famiglia{number}", tax_code="", birth_date=on(FIRST, 0).date()
                )
                people.tie(child=child, guardian=guardian, is_payer=True)
                schools.place(child=child, class_group=group, first=on(FIRST, -30).date(), end=None)
                subscribe(child=child, service=meal, bracket=bracket, first=on(FIRST, -30).date(), end=None)
                ledger.open_wallet(child=child, service_id=meal.pk)
                children.append(child.pk)
        tablets = [
            Marks(paired(valle.town, school_id=valle.school.pk), valle.staff["school"].pk, group.pk) for _ in range(2)
        ]
    return School(valle, children, families, tablets, browser(valle.town, valle.staff["school"]))


@contextmanager
def taken_back() -> Iterator[None]:
    """Leave everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# What the days came to: each child's state and charge, its credit, the adults.
End = tuple[dict[Any, Any], dict[int, int], dict[Any, int]]


def found(school: School) -> End:
    """Return what the product says."""
    days = {}
    rows = list(Presence.objects.filter(child_id__in=school.children).exclude(roll_call__confirmed_at=None))
    charged = queries.charged_for(sources=[Source.of_presence(row.pk) for row in rows])
    for row in rows:
        state = (row.is_present, row.is_due, row.is_present and row.is_white)
        cents = charged.get(Source.of_presence(row.pk), Euro(0)).cents
        days[row.day, school.children.index(row.child_id)] = (state, cents)
    wallets = Wallet.objects.filter(child_id__in=school.children, service=school.meal)
    credit = {school.children.index(wallet.child_id): wallet.balance_cents for wallet in wallets}
    group = school.valle.classes["2B"]
    adults = {call.day: call.adults for call in RollCall.objects.filter(class_group=group, service=school.meal)}
    return days, credit, {day: adults.get(day, 0) for day in DAYS}


def expected(told: History) -> End:
    """Return what the reference says."""
    days = {}
    credit = dict.fromkeys(range(CHILDREN), 0)
    for day in DAYS:
        for child in range(CHILDREN):
            state = reference.state(told, day, child)
            if state is not None:
                cents = PRICE if state[1] else 0
                days[day, child] = (state, cents)
                credit[child] -= cents
    return days, credit, {day: reference.adults(told, day) for day in DAYS}


def check(school: School, seed: int) -> None:
    """Play a history in its orders, and compare what each comes to with the reference."""
    told = Writer(seed, FAMILIES).history()
    should = expected(told)
    for order in range(ORDERS):
        with taken_back():
            Play(told, school, random.Random(f"{seed} {order}")).go()
            end = found(school)
            with clock.standing_at(on(DAYS[1], 23)):
                assert verify.violations() + proofs.violations() == [], f"seed {seed}, order {order}"
        for what, is_so, right in zip(("days", "credit", "adults"), end, should, strict=True):
            both = {key: (is_so.get(key), right.get(key)) for key in {*is_so, *right}}
            wrong = {key: one for key, one in both.items() if one[0] != one[1]}
            assert wrong == {}, f"{what} of seed {seed} in order {order}: what is, and what should be"


# The first is quick.
@pytest.mark.parametrize(
    "seeds", [ROUNDS[0], *(pytest.param(seeds, marks=pytest.mark.slow) for seeds in ROUNDS[1:])], ids=str
)
def test_every_order_of_a_history_ends_the_same(school: School, seeds: range) -> None:
    for seed in seeds:
        check(school, seed)


def test_a_thousand_are_played() -> None:
    played = [seed for seeds in ROUNDS for seed in seeds]
    assert sorted(set(played)) == played
    assert len(played) * EACH >= 1000 or "CAMPANELLA_HISTORIES" in os.environ
