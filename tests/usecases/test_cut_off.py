"""Where families book: the cut-off confirms and charges, and what comes in late or out of turn is folded in, once."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import Booking, DayEvent, DayRule, FamilyRequest, Presence, RollCall
from campanella.domains.ledger import holding
from campanella.domains.ledger import queries as wallets
from campanella.domains.services.models import ClassCalendar
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import cut_off, mealtime
from tests.towns import OFFICE, TODAY, Cast, tell_again

CUT_OFF = clock.rome(TODAY, time(9, 30))
JUST_AFTER = CUT_OFF + timedelta(microseconds=1)
SOFTWARE = Software("Campanella")


@pytest.fixture
def booking(valle: Cast) -> Cast:
    """Valle, where families book the meal by default and cancel until 9:30."""
    rules(valle, "opt_out")
    return valle


def rules(valle: Cast, mode: str, first: date = date(2026, 9, 1), end: date | None = None) -> None:
    days = DateRange(first, end)
    meal = valle.services["mensa"]
    long_ago = clock.rome(date(2026, 8, 20), time(12))
    DayRule.objects.create(service=meal, school=valle.school, days=days, mode=mode, cut_off=time(9, 30), made_at=long_ago)


def ask(
    valle: Cast, name: str, is_on: bool, at: datetime, *, counts: bool = True, undo: FamilyRequest | None = None
) -> FamilyRequest:
    """Put a family's request on record, as it comes in."""
    child, meal = valle.child(name), valle.services["mensa"]
    request = undo or FamilyRequest.objects.create(
        key=uuid4(),
        number=str(uuid4())[:18],
        action="book" if is_on else "cancel",
        channel="portal",
        received_at=at,
        made_at=at,
    )
    DayEvent.objects.create(
        service=meal, day=TODAY, child=child, kind="undone" if undo else "asked", channel="portal", level=0,
        received_at=at, made_at=at, request=request, is_on=None if undo else is_on,
    )  # fmt: skip
    # What is taken back leaves nothing booked, as the operation does.
    day: dict[str, Any] = {"child": child, "service": meal, "day": TODAY}
    if undo:
        Booking.objects.filter(**day).delete()
    else:
        Booking.objects.update_or_create(**day, defaults={"is_booked": is_on, "request": request})
    return request


def say(valle: Cast, name: str, is_on: bool, at: datetime, *, device: int = 1, seq: int = 1) -> None:
    """Put a tablet's mark on record."""
    DayEvent.objects.create(
        service=valle.services["mensa"], day=TODAY, child=valle.child(name), class_group=valle.classes["2B"], kind="marked",
        channel="tablet", level=1, device_id=device, seq=seq, received_at=max(at, JUST_AFTER), made_at=at, is_on=is_on,
    )  # fmt: skip


def at_the_cut_off(valle: Cast, now: datetime = JUST_AFTER) -> int:
    return cut_off.confirm_booked(by=SOFTWARE, service=valle.services["mensa"], day=TODAY, now=now)


def again(valle: Cast, *names: str, now: datetime = JUST_AFTER) -> int:
    meal = valle.services["mensa"]
    children = [valle.child(name).pk for name in names]
    with scope(valle.town.id):
        holding.hold_payers(child_ids=children, service_id=meal.pk)
        return mealtime.fold_again(by=OFFICE, child_ids=children, service=meal, day=TODAY, why="arrivato dopo", now=now)


def balances(valle: Cast) -> tuple[int, int]:
    return valle.balance("Anna"), valle.balance("Luca")


def test_who_did_not_cancel_in_time_is_charged_at_the_cut_off(booking: Cast) -> None:
    ask(booking, "Luca", False, CUT_OFF)
    assert at_the_cut_off(booking, CUT_OFF) == 0
    assert balances(booking) == (0, 0)
    assert at_the_cut_off(booking) == 2
    assert balances(booking) == (-460, 0)
    assert at_the_cut_off(booking) == 0
    assert balances(booking) == (-460, 0)
    assert proofs.violations() == []


def test_an_absence_that_nobody_cancelled_is_charged_and_a_meal_that_was_eaten_too(booking: Cast) -> None:
    ask(booking, "Luca", False, CUT_OFF - timedelta(hours=1))
    say(booking, "Anna", False, CUT_OFF - timedelta(minutes=1), seq=1)
    at_the_cut_off(booking)
    say(booking, "Luca", True, JUST_AFTER + timedelta(minutes=20), seq=2)
    assert again(booking, "Anna", "Luca", now=JUST_AFTER + timedelta(hours=1)) == 1
    assert balances(booking) == (-460, -310)
    there = {mark.child_id: (mark.is_present, mark.is_due) for mark in marks(booking)}
    assert there[booking.child("Anna").pk] == (False, True)
    assert there[booking.child("Luca").pk] == (True, True)
    assert proofs.violations() == []


def test_a_request_that_counts_but_comes_after_the_charge_gives_it_back_once(booking: Cast) -> None:
    at_the_cut_off(booking)
    assert balances(booking) == (-460, -310)
    request = ask(booking, "Luca", False, CUT_OFF - timedelta(seconds=1))
    assert again(booking, "Luca") == 1
    assert again(booking, "Luca") == 0
    assert balances(booking) == (-460, 0)
    ask(booking, "Luca", True, CUT_OFF, undo=request)
    assert again(booking, "Luca") == 1
    assert balances(booking) == (-460, -310)
    assert proofs.violations() == []


def test_a_correction_of_the_office_gives_back_what_was_booked(booking: Cast) -> None:
    at_the_cut_off(booking)
    mealtime.correct(
        by=OFFICE, child_id=booking.child("Anna").pk, service=booking.services["mensa"], day=TODAY, is_present=False,
        reason="la scuola conferma: mai entrata", now=JUST_AFTER,
    )  # fmt: skip
    say(booking, "Anna", True, JUST_AFTER + timedelta(minutes=5))
    assert again(booking, "Anna", now=JUST_AFTER + timedelta(minutes=6)) == 0
    assert balances(booking) == (0, -310)
    assert proofs.violations() == []


def test_where_families_book_day_by_day_only_who_booked_eats(valle: Cast) -> None:
    rules(valle, "opt_in")
    ask(valle, "Anna", True, CUT_OFF)
    eats = {line.given_name: line.eats for line in sheet(valle)}
    assert eats == {"Anna": True, "Luca": False, "Amina": False}
    (tally,) = sheets.tallies(day=TODAY, service_ids=[valle.services["mensa"].pk], class_group_ids=[valle.classes["2B"].pk])
    (line,) = sheets.board(day=TODAY, service_ids=[valle.services["mensa"].pk], class_group_ids=[valle.classes["2B"].pk])
    assert (tally.expected, tally.eating, line.eating) == (3, 1, 1)
    at_the_cut_off(valle)
    assert balances(valle) == (-460, 0)
    assert proofs.violations() == []


def test_a_mode_changes_on_a_date_and_the_days_before_stay_as_they_were(valle: Cast) -> None:
    rules(valle, "roll_call", end=TODAY)
    rules(valle, "opt_out", first=TODAY)
    yesterday = TODAY - timedelta(days=1)
    call = valle.roll_call(day=yesterday)
    mealtime.confirm(
        by=valle.staff["school"], roll_call=call, absent_ids=[valle.child("Luca").pk], adults=None,
        now=CUT_OFF - timedelta(days=1),
    )  # fmt: skip
    at_the_cut_off(valle)
    assert balances(valle) == (-920, -310)
    assert proofs.violations() == []


def test_a_class_that_stays_out_on_some_weekdays_is_not_expected_then(valle: Cast) -> None:
    rules(valle, "opt_out")
    not_today = 0b11111 & ~(1 << TODAY.weekday())
    ClassCalendar.objects.create(
        service=valle.services["mensa"],
        class_group=valle.classes["2B"],
        days=DateRange(date(2026, 9, 1), None),
        weekdays=not_today,
    )
    assert sheet(valle) == []
    at_the_cut_off(valle)
    assert balances(valle) == (0, 0)


@pytest.mark.parametrize("mode", ["roll_call", "opt_out", "opt_in", "register"])
def test_the_same_facts_end_in_the_same_money_in_whatever_order_they_come(valle: Cast, mode: str) -> None:
    """Each order folds after every single arrival, some twice; all end where the plain order ends."""
    rules(valle, mode)
    dice = random.Random(11)
    marks_ = [("Anna", dice.random() < 0.5, CUT_OFF - timedelta(minutes=dice.randrange(30)), seq) for seq in range(1, 6)]
    marks_ += [("Luca", dice.random() < 0.5, CUT_OFF - timedelta(minutes=dice.randrange(30)), seq) for seq in range(6, 11)]
    last = {name: max((at, seq, is_on) for who, is_on, at, seq in marks_ if who == name)[2] for name in ("Anna", "Luca")}
    confirmed = False
    for number, (name, is_on, at, seq) in enumerate(dice.sample(marks_, len(marks_))):
        if number == 4:
            mealtime.confirm(
                by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=None, now=JUST_AFTER
            )
            confirmed = True
        say(valle, name, is_on, at, seq=seq)
        for _ in range(dice.randrange(1, 3)):
            again(valle, name, now=JUST_AFTER + timedelta(minutes=number))
    assert confirmed
    booked = {"Anna": mode != "opt_in", "Luca": mode != "opt_in"}
    due = {name: last[name] or (mode == "opt_out" and booked[name]) for name in last}
    assert balances(valle) == (-460 * due["Anna"], -310 * due["Luca"])
    assert {mark.child_id: mark.is_present for mark in marks(valle) if mark.child_id != valle.child("Amina").pk} == {
        valle.child(name).pk: is_on for name, is_on in last.items()
    }
    assert proofs.violations() == []


def test_folding_takes_as_many_statements_for_one_child_as_for_all(booking: Cast) -> None:
    at_the_cut_off(booking)
    counts = []
    for names in (("Anna",), ("Luca", "Amina")):
        for seq, name in enumerate(names, start=len(counts) * 10 + 1):
            ask(booking, name, False, CUT_OFF - timedelta(seconds=seq))
        with CaptureQueriesContext(connection) as queries:
            again(booking, *names)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_change_leaves_its_event_behind(booking: Cast) -> None:
    call = RollCall.objects.get(pk=booking.roll_call().pk)
    mealtime.confirm(
        by=booking.staff["school"], roll_call=call, absent_ids=[booking.child("Luca").pk], adults=2, now=CUT_OFF
    )
    told = list(DayEvent.objects.order_by("id").values_list("kind", "child__given_name", "is_on", "adults", "channel"))
    assert told == [("confirmed", None, None, 2, "page"), ("marked", "Luca", False, None, "page")]


def marks(valle: Cast) -> list[Presence]:
    return list(Presence.objects.filter(day=TODAY, service=valle.services["mensa"]))


def sheet(valle: Cast) -> list[sheets.SheetLine]:
    return sheets.sheet(class_group_id=valle.classes["2B"].pk, service_id=valle.services["mensa"].pk, day=TODAY)


def test_the_movements_of_a_day_given_back_are_two(booking: Cast) -> None:
    at_the_cut_off(booking)
    ask(booking, "Luca", False, CUT_OFF)
    again(booking, "Luca")
    found = wallets.movements_of(wallet_id=booking.wallet("Luca").pk)
    assert [line.amount.cents for line in found] == [310, -310]


def freeze(valle: Cast) -> None:
    """Let the worker come by."""
    jobs.run_now("freeze_sheets", town=valle.town.id)
    tell_again()


def ride(valle: Cast, mode: str, *, made_at: datetime | None = None) -> None:
    """Let the bus be booked, until half past seven."""
    days, bus = DateRange(date(2026, 9, 1), None), valle.services["scuolabus"]
    long_ago = clock.rome(date(2026, 8, 20), time(12))
    DayRule.objects.create(
        service=bus, school=valle.school, days=days, mode=mode, cut_off=time(7, 30), made_at=made_at or long_ago
    )


def days_of_rides(valle: Cast) -> dict[date, int]:
    """Return who was there, day by day."""
    marks = Presence.objects.filter(service=valle.services["scuolabus"]).order_by("day").values_list("day", "is_due")
    return {day: sum(due for other, due in marks if other == day) for day, _ in marks}


@pytest.mark.parametrize("mode", ["opt_out", "opt_in"])
def test_a_ride_that_is_booked_is_charged_at_its_cut_off_too(valle: Cast, at: Any, mode: str) -> None:
    """What no kitchen cooks has no sheet: the cut-off looks for it all the same, and makes up for what was missed."""
    ride(valle, mode)
    at("07:29")
    freeze(valle)
    assert TODAY not in days_of_rides(valle)
    at("07:31")
    freeze(valle)
    freeze(valle)
    due = int(mode == "opt_out")
    assert days_of_rides(valle) == {date(2026, 10, 12): due, date(2026, 10, 13): due, TODAY: due}
    assert valle.balance("Anna", "scuolabus") == -150 * 3 * due
    assert cut_off.due(now=clock.now()) == []
    assert proofs.violations() == []


def test_without_a_rule_nothing_is_looked_for(valle: Cast, at: Any) -> None:
    at("10:00")
    with CaptureQueriesContext(connection) as asked:
        assert cut_off.due(now=clock.now()) == []
    assert len(asked) <= 2


@pytest.mark.parametrize(
    ("made", "charged"),
    [
        # Entered in the evening: of the days before nobody could know, today's cut-off was still to come.
        ("2026-10-13 18:00", [TODAY]),
        # Entered in the very morning, after the numbers had closed.
        ("2026-10-14 09:31", []),
        ("2026-10-14 09:30", [TODAY]),
        ("2026-10-12 09:29", [date(2026, 10, 12), date(2026, 10, 13), TODAY]),
    ],
)
def test_a_rule_that_begins_in_the_past_charges_no_day_of_which_families_could_not_know(
    valle: Cast, at: Any, made: str, charged: list[date]
) -> None:
    at(made)
    meal = valle.services["mensa"]
    days = DateRange(date(2026, 9, 1), None)
    DayRule.objects.create(service=meal, school=valle.school, days=days, mode="opt_out", cut_off=time(9, 30))
    at("2026-10-14 09:45")
    freeze(valle)
    found = RollCall.objects.filter(service=meal).exclude(confirmed_at=None).order_by("day").values_list("day", flat=True)
    assert list(found.distinct()) == charged
    assert valle.balance("Anna") == -460 * len(charged)
    assert proofs.violations() == []
