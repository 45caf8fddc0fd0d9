"""The kitchen's sheet: frozen as the day stood at the cut-off, numbered, never changed; what comes later is added apart."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.models import User
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import Booking, DayEvent, DayRule, FamilyRequest
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries
from campanella.domains.cooking.models import KitchenSheet, SheetLine
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.foundation.core import clock, jobs
from campanella.readings.kitchen import orders
from campanella.usecases import freezing, mealtime
from tests.browsing import at_most
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, open_class, tell_again

FREEZER = OFFICE


def frozen(now: datetime) -> list[KitchenSheet]:
    """Freeze what is due, as the worker's job does."""
    made = [freezing.freeze(by=FREEZER, due=one, now=now) for one in freezing.due(now=now) if one.day == TODAY]
    return [sheet for sheet in made if sheet]


def tap(valle: Cast, child: str, now: datetime, **mark: Any) -> None:
    call = valle.roll_call()
    attendance.mark_many(by=valle.staff["school"], roll_call=call, marks={valle.child(child).pk: Mark(**mark)}, now=now)


def cancel(
    valle: Cast, by: User, child: str, at: datetime, *, number: str, is_on: bool = False, white: bool = False
) -> None:
    """Put a family's request that counts on record, and what it comes to."""
    request = FamilyRequest.objects.create(
        key=f"00000000-0000-4000-8000-{int(number):012}",
        number=number,
        action="cancel",
        channel="portal",
        by_id=by.pk,
        received_at=at,
        made_at=at,
    )
    about = {"child": valle.child(child), "service": valle.services["mensa"], "day": TODAY}
    DayEvent.objects.create(
        **about,
        kind="asked",
        channel="portal",
        level=0,
        received_at=at,
        made_at=at,
        request=request,
        is_on=is_on,
        is_white=white,
    )
    Booking.objects.update_or_create(**about, defaults={"is_booked": is_on, "is_white": white, "request": request})


def told(sheet: KitchenSheet) -> list[tuple[str, str, int]]:
    return [(one.kind, one.class_name, one.count) for one in orders.additions(sheet=sheet)]


def eaters(sheet: KitchenSheet) -> set[int]:
    return {child for order in queries.orders(sheet_ids=[sheet.pk])[sheet.pk] for child in order.child_ids}


def test_nothing_is_frozen_before_the_cut_off_and_once_after_it(valle: Cast, at: Any) -> None:
    assert frozen(at("09:30")) == []
    (sheet,) = frozen(at("09:31"))
    assert (sheet.number, sheet.kitchen_id, clock.day_of(sheet.as_of)) == (1, None, TODAY)
    assert sheet.as_of.astimezone(clock.ROME).time() == time(9, 30)
    assert frozen(at("09:32")) == []
    assert KitchenSheet.objects.count() == 1


def test_the_sheet_holds_marks_wishes_diets_and_adults_of_the_cut_off(valle: Cast, at: Any) -> None:
    serve(valle.child("Amina"), "D1", "Senza glutine", reason="celiachia")
    tap(valle, "Luca", at("08:55"), is_present=False)
    tap(valle, "Amina", at("08:56"), is_present=True, is_white=True)
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=2, now=at("08:57"))
    (sheet,) = frozen(at("09:31"))
    (line,) = queries.orders(sheet_ids=[sheet.pk])[sheet.pk]
    assert set(line.child_ids) == {valle.child("Anna").pk, valle.child("Amina").pk}
    assert (line.adults, line.total) == (2, 4)
    assert [one.label for one in line.special.values()] == ["Senza glutine (D1), in bianco"]
    assert "celiachia" not in str(SheetLine.objects.values_list("special", flat=True)[0])


def test_a_worker_that_was_down_freezes_the_day_as_it_stood_at_the_cut_off(valle: Cast, at: Any) -> None:
    """The teacher marks Luca absent at 9:50, a cancellation of 9:20 is on record, the worker comes back at 11."""
    cancel(valle, valle.families["haddad"].user, "Amina", at("09:20"), number="1")
    tap(valle, "Luca", at("09:50"), is_present=False)
    (sheet,) = frozen(at("11:00"))
    assert sheet.frozen_at > sheet.as_of + timedelta(minutes=80)
    assert eaters(sheet) == {valle.child("Anna").pk, valle.child("Luca").pk}
    # In the order that is the same as if the worker had been there; after it an absence takes no meal back.
    assert told(sheet) == []


def test_a_weekend_without_worker_is_made_up_for(valle: Cast, at: Any) -> None:
    now = at("2026-10-16 08:00")
    days = {one.day for one in freezing.due(now=now)}
    assert {TODAY, TODAY + timedelta(days=1)} <= days
    assert TODAY + timedelta(days=2) not in days


def test_who_comes_late_is_one_more_and_a_request_that_counts_one_less(valle: Cast, at: Any) -> None:
    user = valle.families["rossi"].user
    cancel(valle, user, "Luca", at("09:00"), number="1")
    (sheet,) = frozen(at("09:31"))
    assert eaters(sheet) == {valle.child("Anna").pk, valle.child("Amina").pk}
    tap(valle, "Luca", at("09:41"), is_present=True, is_late=True)
    # A tap made without network at 9:26 that arrives at 9:41 counts by the town's rule.
    cancel(valle, user, "Anna", at("09:42"), number="2")
    assert told(sheet) == [("more", "2B", 1), ("less", "2B", 1)]
    attendance.set_adults(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, adults=1, now=at("09:43"))
    assert told(sheet) == [("more", "2B", 1), ("less", "2B", 1), ("adults", "2B", 1)]
    assert eaters(sheet) == {valle.child("Anna").pk, valle.child("Amina").pk}


def test_another_menu_after_the_freeze_is_told_and_changes_no_number(valle: Cast, at: Any) -> None:
    (sheet,) = frozen(at("09:31"))
    serve(valle.child("Anna"), "D1", "Senza glutine")
    (one,) = orders.additions(sheet=sheet)
    assert (one.kind, one.meals, one.special and one.special.label) == ("menu", 0, "Senza glutine (D1)")


def test_a_second_print_is_number_two_and_holds_what_was_added(valle: Cast, at: Any) -> None:
    cancel(valle, valle.families["rossi"].user, "Luca", at("09:00"), number="1")
    (first,) = frozen(at("09:31"))
    with pytest.raises(freezing.NothingAdded):
        freezing.print_again(by=valle.staff["kitchen"], sheet_id=first.pk, now=at("09:35"))
    tap(valle, "Luca", at("09:41"), is_present=True)
    second = freezing.print_again(by=valle.staff["kitchen"], sheet_id=first.pk, now=at("09:45"))
    assert second.number == 2
    assert eaters(second) - eaters(first) == {valle.child("Luca").pk}
    assert told(second) == []
    assert told(first) == [("more", "2B", 1)]
    with pytest.raises(freezing.NothingAdded):
        freezing.print_again(by=valle.staff["kitchen"], sheet_id=first.pk, now=at("09:50"))
    # The cut-off's job finds nothing to do: the day is frozen.
    assert frozen(at("09:51")) == []


def test_each_kitchen_has_its_own_number_one_at_its_last_cut_off(valle: Cast, at: Any) -> None:
    nursery = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    group = open_class(school=nursery, year=valle.classes["2B"].year, name="Piccoli")
    services.run(service=valle.services["mensa"], school=nursery, first=TODAY, end=TODAY + timedelta(days=90))
    schools.place_many(class_by_child={valle.child("Luca").pk: group.pk}, first=TODAY, end=None)
    DayRule.objects.create(
        service=valle.services["mensa"], school=nursery, days=DateRange(TODAY, None), mode="roll_call", cut_off=time(10)
    )
    small = cooking.add_kitchen(by=OFFICE, name="Cucina del nido", now=at("08:00"))
    cooking.cook_for(by=OFFICE, kitchen_by_school={nursery.pk: small.pk}, now=at("08:00"))
    (sheet,) = frozen(at("09:31"))
    assert eaters(sheet) == {valle.child("Anna").pk, valle.child("Amina").pk}
    (other,) = frozen(at("10:01"))
    assert (other.number, other.kitchen_id, eaters(other)) == (1, small.pk, {valle.child("Luca").pk})


def test_looking_for_what_is_due_costs_a_few_look_ups(valle: Cast, at: Any) -> None:
    """The worker looks every minute for every town: two questions a day of four, and six."""
    now = at("09:31")
    with at_most(16):
        assert freezing.due(now=now)


def test_a_closed_class_orders_nothing(valle: Cast, at: Any) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=at("07:50"))
    assert frozen(at("09:31")) == []


def test_the_database_refuses_to_change_a_sheet(valle: Cast, at: Any) -> None:
    (sheet,) = frozen(at("09:31"))
    for change in (
        lambda: KitchenSheet.objects.filter(pk=sheet.pk).update(number=7),
        lambda: SheetLine.objects.update(adults=9),
        lambda: SheetLine.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_the_job_freezes_once_however_often_it_runs(valle: Cast, at: Any) -> None:
    at("09:31")
    for _ in range(2):
        jobs.run_now("freeze_sheets", town=valle.town.id)
        tell_again()
    assert KitchenSheet.objects.filter(day=TODAY).count() == 1


def test_a_class_that_confirmed_in_time_orders_only_whom_it_has_marked(valle: Cast, at: Any) -> None:
    luca = valle.child("Luca")
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=1, now=at("09:00"))
    schools.place_many(class_by_child={luca.pk: valle.classes["2B"].pk}, first=TODAY, end=None)
    (sheet,) = frozen(at("09:31"))
    (line,) = [line for line in queries.orders(sheet_ids=[sheet.pk])[sheet.pk] if line.total]
    assert set(line.child_ids) == {valle.child("Anna").pk, valle.child("Amina").pk}
    assert line.adults == 1
