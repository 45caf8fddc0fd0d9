"""Whoever moves a school to another kitchen, or opens it again: each class is ordered once, from one kitchen."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import DayRule
from campanella.domains.cooking import freezing as writing
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries
from campanella.domains.cooking.models import Kitchen, KitchenSheet
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import School
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.readings import counted
from campanella.readings.kitchen import board as boards
from campanella.usecases import closing, freezing
from tests.towns import OFFICE, TODAY, Cast, open_class, tell_again

DAY = timedelta(days=1)


def frozen(now: datetime, *, day: Any = TODAY) -> list[KitchenSheet]:
    """Freeze what is due, as the worker's job does."""
    made = [freezing.freeze(by=OFFICE, due=one, now=now) for one in freezing.due(now=now) if one.day == day]
    tell_again()
    return [sheet for sheet in made if sheet]


def ordered(sheet: KitchenSheet) -> list[tuple[str, int]]:
    return [(line.class_name, line.total) for line in queries.orders(sheet_ids=[sheet.pk])[sheet.pk]]


def kitchen_for(school: School, name: str = "Centro") -> Kitchen:
    kitchen = Kitchen.objects.filter(name=name).first() or cooking.add_kitchen(by=OFFICE, name=name, now=clock.now())
    cooking.cook_for(by=OFFICE, kitchen_by_school={school.pk: kitchen.pk}, now=clock.now())
    return kitchen


@pytest.fixture
def nursery(valle: Cast) -> School:
    """Another school, with Luca, whose numbers close at ten."""
    nursery = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    group = open_class(school=nursery, year=valle.classes["2B"].year, name="Piccoli")
    services.run(service=valle.services["mensa"], school=nursery, first=TODAY, end=TODAY + timedelta(days=90))
    schools.place_many(class_by_child={valle.child("Luca").pk: group.pk}, first=TODAY, end=None)
    DayRule.objects.create(
        service=valle.services["mensa"], school=nursery, days=DateRange(TODAY, None), mode="roll_call", cut_off=time(10)
    )
    return nursery


def test_a_kitchen_named_after_the_freeze_orders_nothing_again(valle: Cast, at: Any) -> None:
    now = at("09:31")
    for back in range(3, -1, -1):
        frozen(now, day=TODAY - back * DAY)
    before = KitchenSheet.objects.count()
    kitchen_for(valle.school)
    # Neither of today nor of the days that a worker makes up for.
    for back in range(3, -1, -1):
        assert frozen(at("10:01"), day=TODAY - back * DAY) == []
    assert KitchenSheet.objects.count() == before
    board = boards.of(of_day=counted.on(day=TODAY), service_code="mensa")
    assert (board.sum.total, [one.meals for one in board.sheets], board.is_frozen) == (3, [3], True)
    # It is cooked for where its numbers are, and tomorrow by the new kitchen.
    assert [kitchen.name for kitchen in board.kitchens] == ["Altre scuole"]
    tomorrow = boards.of(of_day=counted.on(day=TODAY + DAY), service_code="mensa")
    assert [kitchen.name for kitchen in tomorrow.kitchens] == ["Centro"]


def test_a_school_moved_between_two_kitchens_after_its_freeze_stays_on_its_sheet(
    valle: Cast, nursery: School, at: Any
) -> None:
    at("08:00")
    kitchen_for(valle.school, "Centro")
    kitchen_for(nursery, "Cucina del nido")
    (first,) = frozen(at("09:31"))
    kitchen_for(valle.school, "Cucina del nido")
    (second,) = frozen(at("10:01"))
    assert (ordered(first), ordered(second)) == ([("2B", 2)], [("Piccoli", 1)])


def test_a_school_that_comes_to_a_frozen_kitchen_before_its_own_cut_off_stands_on_the_next_number(
    valle: Cast, nursery: School, at: Any
) -> None:
    at("08:00")
    kitchen_for(nursery, "Cucina del nido")
    (first,) = frozen(at("09:31"))
    cooking.cook_for(by=OFFICE, kitchen_by_school={nursery.pk: None}, now=at("09:40"))
    assert frozen(at("09:59")) == []
    (second,) = frozen(at("10:01"))
    assert (second.number, second.kitchen_id, ordered(first)) == (2, None, [("2B", 2)])
    assert ordered(second) == [("Piccoli", 1), ("2B", 2)]
    assert [one[1:5] for one in second.changes] == [["Nido Aquilone", "Piccoli", "+1", "classe che si aggiunge al foglio"]]
    assert frozen(at("10:02")) == []


def test_a_school_that_opens_again_after_the_freeze_stands_on_the_next_number(valle: Cast, nursery: School, at: Any) -> None:
    closure = closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=at("08:00"), school=nursery)
    (first,) = frozen(at("10:01"))
    assert ordered(first) == [("2B", 2)]
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="non nevica", now=at("10:10"))
    (second,) = frozen(at("10:11"))
    assert (second.number, ordered(second)) == (2, [("Piccoli", 1), ("2B", 2)])


def test_the_database_keeps_a_class_on_one_kitchens_sheet(valle: Cast, at: Any) -> None:
    (sheet,) = frozen(at("09:31"))
    kitchen = kitchen_for(valle.school)
    orders = queries.orders(sheet_ids=[sheet.pk])[sheet.pk]
    again = {"service_id": sheet.service_id, "day": TODAY, "as_of": sheet.as_of, "dishes": (), "now": clock.now()}
    with pytest.raises(IntegrityError, match="a_class_is_ordered_once"), transaction.atomic():
        writing.freeze(by=OFFICE, kitchen=kitchen, number=1, orders=orders, **again)
