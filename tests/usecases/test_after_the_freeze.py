"""What becomes of a sheet that is frozen: closures, bookings taken back, menus that change under a code."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from campanella.domains.attendance.judging import Arrival
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries as cooked
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.enrolment.models import Diet
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.readings import counted
from campanella.readings.kitchen import board as boards
from campanella.readings.kitchen import orders
from campanella.readings.kitchen.orders import Added
from campanella.usecases import closing, cut_off, freezing, wishes
from tests.browsing import at_most, browser
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, as_owner, open_class, tell_again
from tests.usecases.asking import ask, choosing, goes, opt_out, rome

__all__ = ["opt_out"]

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def frozen(valle: Cast, now: datetime) -> list[KitchenSheet]:
    """Confirm what is booked and freeze what is due, as the worker's job does."""
    found = []
    for due in freezing.due(now=now):
        if due.day == TODAY:
            cut_off.confirm_booked(by=OFFICE, service=due.service, day=due.day, now=now)
            found.append(freezing.freeze(by=OFFICE, due=due, now=now))
    tell_again()
    return [sheet for sheet in found if sheet]


def told(*sheets: KitchenSheet) -> list[tuple[str, str, str, str]]:
    def words(one: Added) -> tuple[str, str, str, str]:
        return one.school_name, one.class_name, one.sign, one.sentence

    return [words(one) for found in orders.additions_of(sheets=sheets).values() for one in orders.told(found)]


@pytest.fixture
def two_schools(valle: Cast) -> School:
    """Luca and Amina are in two classes of another school of the same kitchen."""
    other = schools.register_school(code="due", name="Primaria Due", level="primaria")
    services.run(service=valle.services["mensa"], school=other, first=TODAY, end=TODAY + 90 * DAY)
    for name, child in (("1A", "Luca"), ("1B", "Amina")):
        group = open_class(school=other, year=valle.classes["2B"].year, name=name)
        schools.move(child_id=valle.child(child).pk, class_group=group, first=TODAY)
    return other


def test_a_school_that_closes_after_the_freeze_is_told_and_not_brought(valle: Cast, two_schools: School, at: Any) -> None:
    (sheet,) = frozen(valle, at("09:31"))
    closure = closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=at("09:50"), school=two_schools)
    page = browser(valle.town, valle.staff["kitchen"]).read("/cucina/")
    assert "Primaria Due 2 classi 9:50 · chiusa dopo i numeri: Neve −2" in page
    assert "da portare 1 pasti" in page
    tell_again()
    second = freezing.print_again(by=valle.staff["kitchen"], sheet_id=sheet.pk, now=at("09:55"))
    assert [one[1:5] for one in second.changes] == [["Primaria Due", "2 classi", "−2", "chiusa dopo i numeri: Neve"]]
    totals = [(order.class_name, order.total) for order in cooked.orders(sheet_ids=[second.pk])[second.pk]]
    assert totals == [("1A", 0), ("1B", 0), ("2B", 1)]
    assert told(second) == []
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="non nevica", now=at("10:00"))
    assert told(sheet) == []


def test_a_closed_class_has_no_other_change_and_days_that_are_over_keep_their_sheet(
    opt_out: Cast, two_schools: School, at: Any
) -> None:
    (sheet,) = frozen(opt_out, at("09:31"))
    group = ClassGroup.objects.get(name="1A")
    closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Gita", now=at("09:40"), class_group=group)
    ask(opt_out, "09:29", "Luca")
    assert told(sheet) == [("Primaria Due", "1A", "−1", "chiusa dopo i numeri: Gita")]
    # The office writes down a week later that nobody was there: no plate comes back.
    closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=at("2026-10-21 10:00"), tells=False)
    assert told(sheet) == [("Primaria Due", "1A", "−1", "chiusa dopo i numeri: Gita")]


def test_a_booking_taken_back_by_a_believed_tap_is_a_meal_less(valle: Cast, at: Any) -> None:
    goes(valle, "opt_in")
    choosing(valle, offline_grace_minutes=15, offline_clock_error_minutes=10)
    booked = ask(valle, "08:00", action="book", now=at("08:00"))
    (sheet,) = frozen(valle, at("09:31"))
    back = wishes.take_back(
        by=valle.families["rossi"].user,
        number=booked.number,
        key=uuid4(),
        now=at("09:40"),
        arrival=Arrival(rome("09:40"), tapped_at=rome("09:20"), error=timedelta()),
    )
    tenants.forget()
    assert back.is_accepted
    assert valle.balance("Anna") == 0
    assert told(sheet) == [("Primaria Rodari", "2B", "−1", "un pasto in meno, disdetta arrivata dopo")]


def test_two_believed_taps_after_the_freeze_are_two_meals_less_and_nobody_pays(opt_out: Cast, at: Any) -> None:
    """Rows a and d of the example: they arrive at 9:41 and 9:44; e, whose clock is 25 minutes wrong, is late."""
    choosing(opt_out, offline_grace_minutes=15, offline_clock_error_minutes=10)
    (sheet,) = frozen(opt_out, at("09:31"))
    ordered = sum(order.total for order in cooked.orders(sheet_ids=[sheet.pk])[sheet.pk])
    late = ask(opt_out, "09:40", "Amina", family="haddad", now=at("09:40"), tapped_at=rome("09:25"), error=25 * MINUTE)
    assert [day.answer for day in late.days] == ["doubtful"]
    assert ask(opt_out, "09:41", now=at("09:41"), tapped_at=rome("09:26"), error=7 * MINUTE).is_accepted
    assert ask(opt_out, "09:44", "Luca", now=at("09:44"), tapped_at=rome("09:20"), error=0 * MINUTE).is_accepted
    tell_again()
    assert told(sheet) == [("Primaria Rodari", "2B", "−2", "pasti in meno, disdette arrivate dopo")]
    assert sum(order.total for order in cooked.orders(sheet_ids=[sheet.pk])[sheet.pk]) == ordered == 3
    assert [opt_out.balance(name) for name in ("Anna", "Luca", "Amina")] == [0, 0, -460]


def test_a_cancellation_taken_back_in_time_is_no_change(opt_out: Cast, at: Any) -> None:
    """What is taken back leaves the mode's word: who is booked by default stays ordered."""
    asked = ask(opt_out, "09:10", now=at("09:10"))
    wishes.take_back(
        by=opt_out.families["rossi"].user,
        number=asked.number,
        key=uuid4(),
        now=at("09:20"),
        arrival=Arrival(rome("09:20")),
    )
    (sheet,) = frozen(opt_out, at("09:31"))
    assert told(sheet) == []


def test_the_same_code_with_another_menu_is_another_menu(valle: Cast, at: Any) -> None:
    anna = valle.child("Anna")
    serve(anna, "D1", "Senza glutine")
    (sheet,) = frozen(valle, at("09:31"))
    # Words of a diet from before the town had a list.
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("alter table enrolment_diet drop constraint a_diet_is_one_of_the_towns")
    Diet.objects.filter(child=anna).update(menu="Senza glutine e lattosio")
    assert told(sheet) == [("Primaria Rodari", "2B", "1", "cambia il menù: Senza glutine e lattosio (D1)")]


def test_the_additions_of_many_kitchens_are_one_question(valle: Cast, two_schools: School, at: Any) -> None:
    at("08:00")
    kitchen = cooking.add_kitchen(by=OFFICE, name="Centro", now=clock.now())
    cooking.cook_for(by=OFFICE, kitchen_by_school={two_schools.pk: kitchen.pk}, now=clock.now())
    first, second = frozen(valle, at("09:31"))
    closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=at("09:50"), school=two_schools)
    with at_most(1):
        found = orders.additions_of(sheets=[first, second])
    assert sorted(sum(one.meals for one in added) for added in found.values()) == [-2, 0]
    board = boards.of(of_day=counted.on(day=TODAY), service_code="mensa")
    assert sorted(one.meals for one in board.sheets) == [0, 1]
    with at_most(0):
        assert orders.additions_of(sheets=[]) == {}
