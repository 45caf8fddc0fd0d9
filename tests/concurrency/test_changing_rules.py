"""How the days go is changed in the second in which a class is confirmed: a day goes by one rule, never by two."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import ruling, terms
from campanella.domains.attendance.models import DayRule, Presence, RollCall
from campanella.domains.attendance.ruled import Terms
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope, use_case
from campanella.readings import proofs
from campanella.usecases import cut_off, mealtime
from tests.concurrency.conftest import all_at_once
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

TOMORROW = TODAY + timedelta(days=1)
# Tomorrow's numbers close today.
CLOSES = clock.rome(TODAY, time(14)).astimezone(UTC)
A_MOMENT = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def booked(town: Cast) -> Cast:
    """Valle, where a family cancels until two o'clock of the day before; a teacher has marked Luca absent tomorrow."""
    with scope(town.town.id):
        DayRule.objects.create(
            service=town.services["mensa"],
            school=town.school,
            days=DateRange(date(2026, 9, 1), None),
            mode="opt_out",
            cut_off=CLOSES.astimezone(clock.ROME).time(),
            cut_off_days_before=1,
            made_at=CLOSES - timedelta(days=9),
        )
        away = {town.child("Luca").pk: Mark(is_present=False)}
        call = town.roll_call(day=TOMORROW)
        attendance.mark_many(by=town.staff["school"], roll_call=call, marks=away, now=CLOSES - timedelta(hours=1))
    return town


def change(town: Cast, now: datetime, first: date = TOMORROW, mode: Any = "roll_call") -> Callable[[], Any]:
    where = {"service_id": town.services["mensa"].pk, "school_id": town.school.pk}

    @use_case
    def act() -> Any:
        new = Terms(mode, time(9, 30), 0, None, None)
        return ruling.change(by=OFFICE, **where, first=first, terms=new, words="prova", now=now)

    return act


def close(town: Cast) -> Callable[[], int]:
    return lambda: cut_off.confirm_booked(by=OFFICE, service=town.services["mensa"], day=TOMORROW, now=CLOSES + A_MOMENT)


def confirm(town: Cast) -> Callable[[], int]:
    def act() -> int:
        call = RollCall(class_group=town.classes["2B"], service=town.services["mensa"], day=TODAY)
        return mealtime.confirm(
            by=town.staff["school"], roll_call=call, absent_ids=[town.child("Luca").pk], adults=None, now=CLOSES
        )

    return act


def ended(town: Cast) -> list[int]:
    with scope(town.town.id):
        assert verify.violations() + proofs.violations() == []
        return [town.balance(name) for name in ("Anna", "Luca", "Amina")]


def mode_of(town: Cast, day: date) -> str:
    with scope(town.town.id):
        return terms.on(day=day).of(service_id=town.services["mensa"].pk, school_id=town.school.pk).mode


@pytest.mark.parametrize("changes_first", [True, False])
def test_a_rule_and_the_cut_off_of_its_first_day(booked: Cast, changes_first: bool) -> None:
    """Either the day is charged as its families were told, and keeps its rule, or it has the new one and is not charged."""
    with scope(booked.town.id):
        acts = [change(booked, CLOSES - A_MOMENT), close(booked)]
    results = in_turn(booked, *(acts if changes_first else acts[::-1]))
    changed, _ = results if changes_first else results[::-1]
    if isinstance(changed, ruling.NumbersClosed):
        assert (mode_of(booked, TOMORROW), ended(booked)) == ("opt_out", [-460, -310, -460])
    else:
        assert (mode_of(booked, TOMORROW), ended(booked)) == ("roll_call", [0, 0, 0])
        with scope(booked.town.id):
            assert not RollCall.objects.exclude(confirmed_at=None).exists()


def test_a_rule_waits_for_the_cut_off_that_has_read_the_one_before(booked: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who changes it then finds the day charged."""
    read, changed, hold, moment = threading.Event(), [], attendance.hold_payers, clock.now()

    def patient(**given: Any) -> Any:
        read.set()
        changing.join(0.5)
        return hold(**given)

    def waiting() -> None:
        with clock.standing_at(moment), scope(booked.town.id):
            try:
                assert read.wait(20)
                changed.append(change(booked, CLOSES - A_MOMENT)())
            except ruling.NumbersClosed as refusal:
                changed.append(refusal)
            finally:
                connections["default"].close()

    monkeypatch.setattr(attendance, "hold_payers", patient)
    changing = threading.Thread(target=waiting)
    changing.start()
    with scope(booked.town.id):
        close(booked)()
    changing.join()
    assert [type(one) for one in changed] == [ruling.NumbersClosed]
    assert (mode_of(booked, TOMORROW), ended(booked)) == ("opt_out", [-460, -310, -460])


def test_a_day_whose_numbers_are_closed_keeps_its_rule(booked: Cast) -> None:
    with scope(booked.town.id):
        close(booked)()
        for first in (TOMORROW, TODAY + timedelta(days=1)):
            with pytest.raises(ruling.NumbersClosed):
                change(booked, CLOSES + SECOND, first=first)()
        # Nobody was charged, and its families were told that it is over all the same.
        with pytest.raises(ruling.NumbersClosed):
            change(booked, CLOSES)()
        change(booked, CLOSES + SECOND, first=TODAY + timedelta(days=2))()
    assert mode_of(booked, TOMORROW) == "opt_out"
    assert ended(booked) == [-460, -310, -460]


@pytest.mark.parametrize("changes_first", [True, False])
def test_a_rule_from_tomorrow_and_the_confirmation_of_today(booked: Cast, changes_first: bool) -> None:
    with scope(booked.town.id):
        acts = [change(booked, CLOSES - A_MOMENT), confirm(booked)]
    results = in_turn(booked, *(acts if changes_first else acts[::-1]))
    assert [one for one in results if isinstance(one, Exception)] == []
    # Today goes by its own rule: absent, and not cancelled.
    assert ended(booked) == [-460, -310, -460]
    with scope(booked.town.id):
        luca = Presence.objects.get(child=booked.child("Luca"), day=TODAY)
        assert (luca.is_present, luca.is_due) == (False, True)


def test_many_workers_come_to_one_cut_off_together(booked: Cast) -> None:
    def work(_: int) -> Any:
        with scope(booked.town.id):
            return close(booked)()

    results = all_at_once(work, 6)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(results) == [0, 0, 0, 0, 0, 2]
    assert ended(booked) == [-460, -310, -460]
    with scope(booked.town.id):
        assert RollCall.objects.exclude(confirmed_at=None).count() == 2
