"""A child goes home before the end of the day: with its hour, on page and tablet; kitchen and charge follow by rule."""

from datetime import time
from typing import Any

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance.models import DayEvent, Presence
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.readings import explained, proofs
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import class_sheet, leaving
from tests.browsing import Browser, browser
from tests.tablets import Marks, paired
from tests.towns import TODAY, Cast, text_of
from tests.usecases.asking import goes

DAY = "2026-10-14"


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff[Role.SCHOOL])


@pytest.fixture
def marks(valle: Cast) -> Marks:
    """A tablet in the hands of a teacher, at class 2B."""
    return Marks(paired(valle.town, school_id=valle.school.pk), valle.staff["school"].pk, valle.classes["2B"].pk)


def address(cast: Cast) -> str:
    return f"/appello/{cast.classes['2B'].pk}/mensa/"


def leaves(cast: Cast, who: Browser, name: str, hour: str, eats: str = "no") -> str:
    sent = {"day": DAY, "child": cast.child(name).pk, "hour": hour, "eats": eats}
    return text_of(who.post(f"{address(cast)}uscita/", sent, follow=True))


def because(cast: Cast, name: str) -> str:
    lines = [(cast.child(name).pk, cast.services["mensa"].pk)]
    (one,) = explained.explained(lines=lines, day=TODAY, now=clock.now())
    return one.because.replace("\xa0", " ")


def eating(cast: Cast) -> int:
    (line,) = attendance.board(day=TODAY, service_ids=[cast.services["mensa"].pk])
    return line.eating


def confirm(teacher: Browser, cast: Cast) -> None:
    teacher.post(address(cast), {"day": DAY, "act": "confirm", "adults": "0", "adults_before": "0"})


def test_who_goes_before_the_numbers_close_does_not_eat(valle: Cast, teacher: Browser, at: Any) -> None:
    at("09:10")
    said = leaves(valle, teacher, "Anna", "09:05")
    assert "Anna R.: va via alle 9:05, non mangia, e la cucina lo vede già." in said
    assert "Anna R. via dalle 9:05" in teacher.read(address(valle)).replace(" mangia in bianco , arriva dopo", "")
    assert eating(valle) == 2
    confirm(teacher, valle)
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, -310)
    assert because(valle, "Anna") == "Andato via alle 9:05, segnato dalla scuola alle 9:10:00: non si paga."


def test_who_goes_once_the_meal_is_ordered_stays_counted_with_the_hour(valle: Cast, teacher: Browser, at: Any) -> None:
    confirm(teacher, valle)
    at("11:02")
    said = leaves(valle, teacher, "Anna", "11:00")
    assert "Anna R.: va via alle 11:00, il pasto è già ordinato e resta contato." in said
    assert "Anna R. mangia, va via alle 11:00" in teacher.read(address(valle))
    assert (eating(valle), valle.balance("Anna")) == (3, -460)
    assert because(valle, "Anna").endswith("si paga 4,60 €. È andato via alle 11:00.")
    assert Presence.objects.get(child=valle.child("Anna")).left == time(11)


def test_who_was_called_absent_meanwhile_is_not_sent_home(valle: Cast) -> None:
    staff = valle.staff[Role.SCHOOL]
    drawn = class_sheet_of(user=staff, class_group_id=valle.classes["2B"].pk, service_code="mensa", day=TODAY)
    class_sheet.tap(
        by=staff,
        class_group_id=valle.classes["2B"].pk,
        service_code="mensa",
        day=TODAY,
        child_id=valle.child("Anna").pk,
        mark=Mark(is_present=False),
        now=clock.now(),
    )
    with pytest.raises(leaving.NotThere):
        leaving.leave(
            by=staff, sheet=drawn, child_id=valle.child("Anna").pk, hour=time(11), eats_first=False, now=clock.now()
        )


def test_who_eats_before_it_goes_is_counted(valle: Cast, teacher: Browser, at: Any) -> None:
    at("09:10")
    assert "Anna R.: va via alle 13:30, dopo aver mangiato." in leaves(valle, teacher, "Anna", "13:30", "yes")
    # Said in time that it goes before the meal, though it is still there.
    assert "Luca R.: va via alle 11:00, non mangia" in leaves(valle, teacher, "Luca", "11:00")
    confirm(teacher, valle)
    assert (eating(valle), valle.balance("Anna"), valle.balance("Luca")) == (2, -460, 0)
    assert Presence.objects.get(child=valle.child("Anna")).left == time(13, 30)


def test_where_meals_are_booked_who_goes_home_pays_unless_its_family_cancels(valle: Cast, teacher: Browser, at: Any) -> None:
    goes(valle, "opt_out", marks_until=time(10, 30))
    confirm(teacher, valle)
    at("10:10")
    leaves(valle, teacher, "Anna", "10:05")
    assert (eating(valle), valle.balance("Anna")) == (2, -460)
    assert "andato via alle 10:05, segnato dalla scuola alle 10:10:00: si paga 4,60 €." in because(valle, "Anna")


def test_by_roll_call_who_goes_before_marks_end_is_given_back(valle: Cast, teacher: Browser, at: Any) -> None:
    goes(valle, "roll_call", marks_until=time(10, 30))
    confirm(teacher, valle)
    at("10:10")
    leaves(valle, teacher, "Anna", "10:05")
    assert (eating(valle), valle.balance("Anna")) == (2, 0)
    at("10:40")
    leaves(valle, teacher, "Luca", "10:35")
    assert (eating(valle), valle.balance("Luca")) == (2, -310)


@pytest.mark.parametrize("by", ["page", "tablet"])
def test_who_comes_back_eats_and_has_left_no_hour(valle: Cast, teacher: Browser, marks: Marks, at: Any, by: str) -> None:
    anna = valle.child("Anna").pk
    at("09:10")
    if by == "page":
        leaves(valle, teacher, "Anna", "09:05")
        teacher.post(address(valle) + "segno/", {"day": DAY, "child": anna, "eats": 1})
    else:
        assert marks.hand_in(marks.made("left", anna, "09:10")) == ["accepted"]
        at("09:12")
        assert marks.hand_in(marks.made("present", anna)) == ["accepted"]
    words = teacher.read(address(valle))
    assert "3 mangiano 0 no" in words
    assert "va via alle" not in words
    assert marks.tablet.days()["days"][0]["classes"][0]["children"][1]["mark"]["left"] is None
    confirm(teacher, valle)
    assert "andato via" not in browser(valle.town, valle.families["rossi"].user).read(f"/presenze/{anna}/{DAY}/")


def test_the_tablet_is_judged_the_same(valle: Cast, teacher: Browser, marks: Marks, at: Any) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    at("09:10")
    gone = marks.made("left", anna, "09:10")
    at("09:20")
    # It comes in twice, and after the confirmation.
    assert marks.hand_in(marks.made("confirmed"), gone, gone) == ["accepted"] * 3
    at("11:00")
    assert marks.hand_in(marks.made("left", luca, "11:00")) == ["accepted"]
    children = {child["name"]: child["mark"] for child in marks.tablet.days()["days"][0]["classes"][0]["children"]}
    assert (children["Anna R."]["present"], children["Anna R."]["left"]) == (False, "09:10")
    assert (children["Luca R."]["present"], children["Luca R."]["left"]) == (True, "11:00")
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, -310)
    assert "Anna R. via dalle 9:10" in teacher.read(address(valle))
    # Taken back.
    assert marks.hand_in(marks.made("left", luca)) == ["accepted"]
    assert Presence.objects.get(child_id=luca).left is None


def test_the_auditor_finds_the_same(valle: Cast, teacher: Browser, marks: Marks, at: Any) -> None:
    at("09:10")
    leaves(valle, teacher, "Anna", "09:05")
    marks.hand_in(marks.made("left", valle.child("Amina").pk, "09:10"))
    confirm(teacher, valle)
    at("11:00")
    leaves(valle, teacher, "Luca", "10:55")
    assert proofs.violations() == []


def test_a_day_of_the_nursery_and_the_hour_of_who_was_not_tapped(valle: Cast, teacher: Browser, at: Any) -> None:
    """Nothing is taken away from a day that is not of a meal: the hour is kept, and the child was there."""
    type(valle.services["mensa"]).objects.filter(pk=valle.services["mensa"].pk).update(kind="nursery")
    at("09:00")
    assert "va via alle 8:55, resta fra i presenti di oggi" in leaves(valle, teacher, "Anna", "08:55")
    assert "va via alle 8:55" in teacher.read(address(valle))
    confirm(teacher, valle)
    row = Presence.objects.get(child=valle.child("Anna"))
    assert (row.is_present, row.left, valle.balance("Anna")) == (True, time(8, 55), -460)
    assert proofs.violations() == []


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"child": "", "hour": "11:00"}, "Scegli il bambino che va via."),
        ({"child": "999999", "hour": "11:00"}, "Questo bambino non risulta presente."),
        ({"hour": "presto"}, "Scrivi l’ora così: 11:20."),
        ({"hour": ""}, "Scrivi l’ora, per esempio 11:20."),
        ({"eats": ""}, "Di’ se prima mangia: da questo dipende il pasto."),
    ],
)
def test_what_is_not_said_is_asked_for(valle: Cast, teacher: Browser, sent: dict[str, str], why: str) -> None:
    told = text_of(
        teacher.post(
            f"{address(valle)}uscita/", {"day": DAY, "child": valle.child("Anna").pk, "hour": "9:00", "eats": "no", **sent}
        )
    )
    assert why in told
    assert DayEvent.objects.count() == 0


def test_who_is_absent_cannot_leave(valle: Cast, teacher: Browser) -> None:
    teacher.post(address(valle) + "segno/", {"day": DAY, "child": valle.child("Anna").pk, "eats": 0})
    assert "Questo bambino non risulta presente." in leaves(valle, teacher, "Anna", "09:00")
