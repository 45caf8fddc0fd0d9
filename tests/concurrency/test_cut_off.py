"""Requests of families and the confirmation at the cut-off, in the same second: the receipt decides, nothing else."""

from collections.abc import Callable
from datetime import UTC, date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayRule, FamilyRequest, RollCall
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import cut_off, wishes
from tests.concurrency.conftest import all_at_once
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

CUT_OFF = clock.rome(TODAY, time(9, 30)).astimezone(UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def booked(town: Cast) -> Cast:
    """Valle, where meals are booked and the family cancels until half past nine."""
    with scope(town.town.id):
        DayRule.objects.create(
            service=town.services["mensa"],
            school=town.school,
            days=DateRange(date(2026, 9, 1), None),
            mode="opt_out",
            cut_off=time(9, 30),
        )
    return town


def cancel(town: Cast, *names: str, late: timedelta = -A_MOMENT, key: UUID | None = None) -> Callable[[], str]:
    family = "haddad" if "Amina" in names else "rossi"
    lines = [(town.child(name).pk, town.services["mensa"].pk) for name in names]

    def act() -> str:
        return wishes.ask(
            by=town.families[family].user,
            lines=lines,
            days=[TODAY],
            action="cancel",
            key=key or uuid4(),
            arrival=Arrival(CUT_OFF + late),
            now=CUT_OFF + timedelta(seconds=2),
        ).number

    return act


def confirm(town: Cast) -> Callable[[], int]:
    def act() -> int:
        return cut_off.confirm_booked(
            by=OFFICE, service=town.services["mensa"], day=TODAY, now=CUT_OFF + timedelta(seconds=1)
        )

    return act


def ended(town: Cast) -> list[int]:
    with scope(town.town.id):
        assert verify.violations() + proofs.violations() == []
        return [town.balance(name) for name in ("Anna", "Luca", "Amina")]


@pytest.mark.parametrize("cancels_first", [True, False])
@pytest.mark.parametrize(("late", "luca"), [(-A_MOMENT, 0), (timedelta(), 0), (A_MOMENT, -310)])
def test_a_request_and_the_confirmation_come_out_alike_in_both_orders(
    booked: Cast, cancels_first: bool, late: timedelta, luca: int
) -> None:
    with scope(booked.town.id):
        acts: list[Callable[[], Any]] = [cancel(booked, "Luca", late=late), confirm(booked)]
    results = in_turn(booked, *(acts if cancels_first else acts[::-1]))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert ended(booked) == [-460, luca, -460]


def test_many_requests_around_the_cut_off_while_it_confirms(booked: Cast) -> None:
    """Each of them twice, as an impatient thumb sends it; numbers are neither lost nor given twice."""
    keys = [uuid4() for _ in range(3)]
    with scope(booked.town.id):
        acts: list[Callable[[], Any]] = [
            *[cancel(booked, "Anna", late=-A_MOMENT, key=keys[0]) for _ in range(2)],
            *[cancel(booked, "Luca", late=A_MOMENT, key=keys[1]) for _ in range(2)],
            *[cancel(booked, "Amina", late=timedelta(), key=keys[2]) for _ in range(2)],
            *[confirm(booked) for _ in range(2)],
        ]

    def work(number: int) -> Any:
        with scope(booked.town.id):
            return acts[number]()

    results = all_at_once(work, len(acts))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert ended(booked) == [0, -310, 0]
    with scope(booked.town.id):
        numbers = sorted(FamilyRequest.objects.values_list("number", flat=True))
        assert numbers == ["D-2610-00001", "D-2610-00002", "D-2610-00003"]
        assert [results[0], results[2], results[4]] == [results[1], results[3], results[5]]
        assert RollCall.objects.exclude(confirmed_at=None).count() == 2
