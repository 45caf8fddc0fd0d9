"""A class that opens again after the freeze is cooked for, charged and told; of days that are over, nobody is."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.attendance.models import RollCall
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import Closure
from campanella.foundation.core import clock
from campanella.readings import counted
from campanella.readings.kitchen import board as boards
from campanella.readings.kitchen import orders
from campanella.usecases import closing, cut_off, freezing
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, run_jobs, tell_again
from tests.usecases.asking import goes, opt_out

__all__ = ["opt_out"]

DAY = timedelta(days=1)


def on_a_trip(valle: Cast, at: Any, **more: Any) -> tuple[KitchenSheet, Closure]:
    """Luca's class is closed for a trip, and the numbers of its school are frozen without it."""
    now = at("08:00")
    schools.move(child_id=valle.child("Luca").pk, class_group=valle.classes["3A"], first=TODAY)
    days = {"first": TODAY, "last": TODAY, **more}
    closure = closing.enter(by=OFFICE, reason="Gita", now=now, class_group=valle.classes["3A"], **days)
    now = at("09:31")
    (due,) = [one for one in freezing.due(now=now) if one.day == TODAY]
    cut_off.confirm_booked(by=OFFICE, service=due.service, day=TODAY, now=now)
    sheet = freezing.freeze(by=OFFICE, due=due, now=now)
    run_jobs()
    assert sheet
    return sheet, closure


def test_what_is_booked_is_confirmed_charged_and_added(opt_out: Cast, at: Any) -> None:
    sheet, closure = on_a_trip(opt_out, at)
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="non si va", now=at("09:40"))
    assert "cut_off.confirm_opened" in run_jobs()
    assert [(one.kind, one.class_name, one.count) for one in orders.additions(sheet=sheet)] == [("more", "3A", 1)]
    assert opt_out.balance("Luca") < 0
    board = boards.of(of_day=counted.on(day=TODAY), service_code="mensa")
    assert ([one.meals for one in board.sheets], board.sum.total) == ([3], 2)


@pytest.mark.parametrize("days", [(TODAY - DAY, TODAY - DAY), (TODAY + DAY, TODAY + DAY)])
def test_so_it_is_where_the_days_of_a_closure_are_changed(opt_out: Cast, at: Any, days: Any) -> None:
    sheet, closure = on_a_trip(opt_out, at)
    closing.change(by=OFFICE, closure_id=closure.pk, first=days[0], last=days[1], reason="Gita", now=at("09:40"))
    run_jobs()
    assert [one.class_name for one in orders.additions(sheet=sheet)] == ["3A"]


def test_days_that_are_over_are_left_to_a_person(opt_out: Cast, at: Any) -> None:
    _, closure = on_a_trip(opt_out, at)
    at("2026-10-15 08:00")
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="sbagliata", now=clock.now())
    run_jobs()
    assert not RollCall.objects.filter(class_group=opt_out.classes["3A"], day=TODAY).exclude(confirmed_at=None).exists()
    assert opt_out.balance("Luca") == 0


def test_a_class_that_calls_stays_on_the_board_until_it_confirms(valle: Cast, at: Any) -> None:
    goes(valle, "roll_call")
    _, closure = on_a_trip(valle, at)
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="non si va", now=at("09:40"))
    run_jobs()
    page = browser(valle.town, valle.staff["kitchen"]).read("/cucina/")
    tell_again()
    assert "Ancora provvisori l’appello si chiudeva alle 9:30: chiama chi manca" in page
    board = boards.of(of_day=counted.on(day=TODAY), service_code="mensa")
    assert [line.class_name for line in board.missing if not line.begun] == ["2B", "3A"]
    assert [(row.name, row.total) for school in board.schools for row in school.rows] == [("2B", 2), ("3A", 1)]
    assert not board.is_frozen
