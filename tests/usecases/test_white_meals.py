"""White meals that families ask for: in a row, in a month, on the sheet."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import Booking
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools.models import Closure
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import browser
from tests.towns import TODAY, Cast
from tests.usecases.asking import ask, choosing, confirm, opt_out, take_back

__all__ = ["opt_out"]


def white(valle: Cast, day: date, **more: Any) -> str:
    before = day - timedelta(days=1)
    answer = ask(valle, "18:00", action="white", days=[day], on=before, **more)
    return answer.days[0].answer


def october(number: int) -> date:
    return date(2026, 10, number)


def test_three_white_meals_in_a_row_and_the_weekend_does_not_break_the_run(opt_out: Cast) -> None:
    assert [white(opt_out, october(day)) for day in (9, 12, 13)] == ["accepted"] * 3
    assert white(opt_out, october(14)) == "row"
    assert white(opt_out, october(16)) == "accepted"
    assert Booking.objects.filter(is_white=True).count() == 4


def test_lonely_white_meals_are_no_run_and_what_is_taken_back_counts_for_nothing(opt_out: Cast) -> None:
    assert [white(opt_out, october(day)) for day in (12, 19)] == ["accepted"] * 2
    undone = ask(opt_out, "18:00", action="white", days=[october(20)], on=october(19))
    take_back(opt_out, "08:00", undone, on=october(20))
    assert [white(opt_out, october(day)) for day in (21, 22, 23)] == ["accepted"] * 3
    assert white(opt_out, october(26)) == "row"


def test_a_closed_day_does_not_break_the_run(opt_out: Cast) -> None:
    Closure.objects.create(days=DateRange(date(2026, 12, 8), date(2026, 12, 9)), reason="Immacolata")
    december = [date(2026, 12, day) for day in (7, 9, 10, 11)]
    assert [white(opt_out, day) for day in december] == ["accepted"] * 3 + ["row"]


def test_a_period_of_white_meals_stops_at_the_limit(opt_out: Cast) -> None:
    answer = ask(opt_out, "18:00", action="white", days=[october(day) for day in range(19, 24)], on=october(18))
    assert [day.answer for day in answer.days] == ["accepted"] * 3 + ["row"] * 2


def given_white(valle: Cast, day: date, *, is_present: bool = True) -> None:
    """Let the school mark Anna on a day, with a white meal."""
    call = valle.roll_call(day=day)
    mark = Mark.of(is_present=is_present, is_white=True, is_late=False)
    mealtime.confirm(
        by=valle.staff["school"],
        roll_call=call,
        absent_ids=[],
        adults=0,
        changes={valle.child("Anna").pk: mark},
        now=clock.now(),
    )


def test_a_white_meal_that_the_school_gave_counts_as_one_that_was_asked_for(opt_out: Cast) -> None:
    given_white(opt_out, october(9))
    given_white(opt_out, october(12))
    assert white(opt_out, october(13)) == "accepted"
    assert white(opt_out, october(14)) == "row"
    choosing(opt_out, white_meals_in_a_row=0, white_meals_in_a_month=4)
    assert white(opt_out, october(20)) == "accepted"
    assert white(opt_out, october(21)) == "month"


def test_one_that_was_asked_for_and_given_is_one_and_who_was_absent_had_none(opt_out: Cast) -> None:
    choosing(opt_out, white_meals_in_a_row=0, white_meals_in_a_month=2)
    assert white(opt_out, october(9)) == "accepted"
    given_white(opt_out, october(9))
    given_white(opt_out, october(12), is_present=False)
    assert white(opt_out, october(13)) == "accepted"
    assert white(opt_out, october(16)) == "month"


def test_white_meals_in_a_calendar_month(opt_out: Cast) -> None:
    choosing(opt_out, white_meals_in_a_row=0, white_meals_in_a_month=3)
    assert [white(opt_out, october(day)) for day in (1, 9, 20)] == ["accepted"] * 3
    assert white(opt_out, october(28)) == "month"
    assert white(opt_out, date(2026, 11, 2)) == "accepted"
    ask(opt_out, "08:00", action="white")  # a fourth, refused
    assert confirm(opt_out) == 3
    assert opt_out.balance("Anna") == -460


def test_a_white_meal_reaches_the_sheet_and_costs_as_every_meal(opt_out: Cast) -> None:
    ask(opt_out, "08:00", action="white")
    ask(opt_out, "08:01", action="packed")
    lines = sheets.sheet(class_group_id=opt_out.classes["2B"].pk, service_id=opt_out.services["mensa"].pk, day=TODAY)
    anna = next(line for line in lines if line.given_name == "Anna")
    assert (anna.eats, anna.is_white, anna.is_packed) == (True, True, True)
    confirm(opt_out)
    assert opt_out.balance("Anna") == -460


def test_a_white_meal_does_not_come_back_beyond_the_limit(opt_out: Cast) -> None:
    """White, then the usual menu, then three others: taking the usual menu back would make four."""
    sunday = october(18)
    ask(opt_out, "18:00", action="white", days=[october(19)], on=sunday)
    usual = ask(opt_out, "18:01", action="book", days=[october(19)], on=sunday)
    others = [october(number) for number in (20, 21, 22)]
    assert ask(opt_out, "18:02", action="white", days=others, on=sunday).is_accepted

    refused = take_back(opt_out, "18:03", usual, on=sunday)

    assert [day.answer for day in refused.days] == ["row"]
    assert set(Booking.objects.filter(is_white=True).values_list("day", flat=True)) == set(others)
    cancelled = ask(opt_out, "18:04", action="cancel", days=[october(22)], on=sunday)
    assert take_back(opt_out, "18:05", usual, on=sunday).is_accepted
    assert not take_back(opt_out, "18:06", cancelled, on=sunday).is_accepted
    assert Booking.objects.filter(is_white=True).count() == 3


def test_a_cancellation_taken_back_brings_its_white_meal_back_within_the_limit(opt_out: Cast) -> None:
    assert [white(opt_out, october(day)) for day in (19, 20)] == ["accepted"] * 2
    undone = ask(opt_out, "18:00", action="cancel", days=[october(20)], on=october(18))
    assert take_back(opt_out, "18:30", undone, on=october(18)).is_accepted
    assert white(opt_out, october(21)) == "accepted"
    assert white(opt_out, october(22)) == "row"


def test_a_white_meal_that_was_not_eaten_counts_for_nothing(opt_out: Cast) -> None:
    """Asked for, and the school confirmed an absence: the day holds no white meal."""
    choosing(opt_out, white_meals_in_a_row=0, white_meals_in_a_month=1)
    assert white(opt_out, october(9)) == "accepted"
    given_white(opt_out, october(9), is_present=False)
    assert white(opt_out, october(13)) == "accepted"
    assert white(opt_out, october(16)) == "month"


@pytest.mark.parametrize(
    ("asked", "marked", "is_white"),
    [
        (True, None, True),
        (True, Mark(False), False),
        (True, Mark(True), True),
        (True, Mark(True, is_white=False), False),
        (False, Mark(True, is_white=True), True),
        (False, Mark(True), False),
    ],
)
def test_a_day_counts_as_the_sheet_shows_it_before_the_class_is_confirmed_too(
    opt_out: Cast, asked: bool, marked: Mark | None, is_white: bool
) -> None:
    """What a teacher has said of a child holds against its family's wish, on the sheet, in the kitchen and for the limit."""
    choosing(opt_out, white_meals_in_a_row=0, white_meals_in_a_month=1)
    anna, meal, ninth = opt_out.child("Anna").pk, opt_out.services["mensa"].pk, october(9)
    if asked:
        assert white(opt_out, ninth) == "accepted"
    if marked:
        call = opt_out.roll_call(day=ninth)
        attendance.mark_many(by=opt_out.staff["school"], roll_call=call, marks={anna: marked}, now=clock.now())
    lines = sheets.sheet(class_group_id=opt_out.classes["2B"].pk, service_id=meal, day=ninth)
    (line,) = [line for line in lines if line.child_id == anna]
    assert (line.eats and line.is_white) is is_white
    assert white(opt_out, october(13)) == ("month" if is_white else "accepted")


def test_the_family_reads_why_and_what_to_do(opt_out: Cast) -> None:
    """Three are asked for, and still to come: nobody has had them."""
    days = [october(day) for day in (19, 20, 21, 22)]
    answer = ask(opt_out, "18:00", action="white", days=days[:3], on=october(18))
    refused = ask(opt_out, "18:01", action="white", days=days[3:], on=october(18))
    assert (answer.is_accepted, refused.days[0].answer) == (True, "row")
    words = browser(opt_out.town, opt_out.families["rossi"].user).read(f"/richieste/{refused.number}/")
    assert "Anna ha già avuto o chiesto tutti i pasti in bianco di seguito" in words
    assert "porta il certificato all’ufficio" in words
