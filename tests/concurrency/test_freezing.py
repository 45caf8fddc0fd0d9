"""The cut-off in the kitchen beside a tap and a cancellation of the same second, and under many workers."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import Booking, DayEvent, FamilyRequest
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.ledger import holding
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope, use_case
from campanella.readings.kitchen import orders
from campanella.usecases import class_sheet, freezing
from tests.concurrency.conftest import all_at_once
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

CUT_OFF = clock.rome(TODAY, time(9, 30))
IN_TIME, AFTER = CUT_OFF - timedelta(milliseconds=1), CUT_OFF + timedelta(milliseconds=1)


def waiting(town: Cast) -> freezing.Due:
    with scope(town.town.id):
        (due,) = [one for one in freezing.due(now=AFTER) if one.day == TODAY]
        return due


def freeze(town: Cast, due: freezing.Due | None = None) -> KitchenSheet | None:
    due = due or waiting(town)
    with scope(town.town.id):
        return freezing.freeze(by=OFFICE, due=due, now=AFTER)


def tap(town: Cast, now: datetime = IN_TIME) -> None:
    with scope(town.town.id):
        where = {"class_group_id": town.classes["2B"].pk, "service_code": "mensa", "day": TODAY}
        mark = Mark(is_present=False)
        class_sheet.tap(by=town.staff["school"], **where, child_id=town.child("Luca").pk, mark=mark, now=now)


def cancel(town: Cast, now: datetime = IN_TIME) -> None:
    """Cancel Luca's meal as every request does: the child's wallets are held, then the facts are written."""
    child, meal = town.child("Luca"), town.services["mensa"]

    @use_case
    def ask() -> None:
        holding.hold_payers(child_ids=[child.pk], service_id=meal.pk)
        request = FamilyRequest.objects.create(
            key=uuid4(), number=str(uuid4())[:18], action="cancel", channel="portal", received_at=now, made_at=now
        )
        about: dict[str, Any] = {"child": child, "service": meal, "day": TODAY}
        DayEvent.objects.create(
            **about, kind="asked", channel="portal", level=0, received_at=now, made_at=now, request=request, is_on=False
        )
        Booking.objects.create(**about, is_booked=False, request=request)

    with scope(town.town.id):
        ask()


def meals_to_bring(town: Cast) -> tuple[int, int]:
    """Return what was ordered, and what is to be brought with what came since."""
    with scope(town.town.id):
        (sheet,) = cooking.last_sheets(service_id=town.services["mensa"].pk, day=TODAY)
        ordered = sum(order.total for order in cooking.orders(sheet_ids=[sheet.pk])[sheet.pk])
        return ordered, ordered + sum(one.meals for one in orders.additions(sheet=sheet))


def begun(town: Cast) -> None:
    with scope(town.town.id):
        town.roll_call()


def hold_the_class(town: Cast) -> None:
    attendance.wait_for_taps(service_id=town.services["mensa"].pk, day=TODAY)


def test_ten_workers_freeze_one_sheet(town: Cast) -> None:
    due = waiting(town)
    made = all_at_once(lambda _: freeze(town, due), 10)
    assert [one for one in made if isinstance(one, Exception)] == []
    assert sum(one is not None for one in made) == 1
    with scope(town.town.id):
        assert KitchenSheet.objects.count() == 1
    assert meals_to_bring(town) == (3, 3)


def test_a_tap_of_the_last_moment_is_on_the_sheet_or_a_meal_less(town: Cast) -> None:
    begun(town)
    assert in_turn(town, lambda: tap(town), lambda: freeze(town), held=lambda: hold_the_class(town))[0] is None
    assert meals_to_bring(town) == (2, 2)


def test_a_tap_that_the_freeze_overtakes_is_a_meal_less(town: Cast) -> None:
    begun(town)
    _, tapped = in_turn(town, lambda: freeze(town), lambda: tap(town), held=lambda: hold_the_class(town))
    assert tapped is None
    assert meals_to_bring(town) == (3, 2)


def test_a_cancellation_of_the_last_moment_is_on_the_sheet_or_a_meal_less(town: Cast) -> None:
    assert in_turn(town, lambda: cancel(town), lambda: freeze(town))[0] is None
    assert meals_to_bring(town) == (2, 2)


def test_a_cancellation_that_the_freeze_overtakes_is_a_meal_less(town: Cast) -> None:
    _, asked = in_turn(town, lambda: freeze(town), lambda: cancel(town))
    assert asked is None
    assert meals_to_bring(town) == (3, 2)


def test_two_second_prints_at_once_make_one_number_two(town: Cast) -> None:
    begun(town)
    freeze(town)
    tap(town)
    with scope(town.town.id):
        first = KitchenSheet.objects.get().pk

    def again(_: int) -> int:
        with scope(town.town.id):
            return freezing.print_again(by=town.staff["kitchen"], sheet_id=first, now=AFTER).number

    made = all_at_once(again, 4)
    assert made.count(2) == 1
    assert sum(isinstance(one, freezing.NothingAdded) for one in made) == 3
