"""A white meal that is asked for in time after a teacher's mark, which could say nothing of it."""

from typing import Any

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import Presence
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import queries as cooked
from campanella.readings import proofs
from campanella.usecases import class_sheet, cut_off, freezing
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, tell_again
from tests.usecases.asking import ask, confirm, opt_out

__all__ = ["opt_out"]


def mark(valle: Cast, now: Any, **said: bool) -> None:
    marks = {valle.child("Anna").pk: Mark(**said)}
    attendance.mark_many(by=valle.staff["school"], roll_call=valle.roll_call(), marks=marks, now=now)


def tap(valle: Cast, now: Any, *, is_present: bool) -> None:
    class_sheet.tap(
        by=valle.staff["school"],
        class_group_id=valle.classes["2B"].pk,
        service_code="mensa",
        day=TODAY,
        child_id=valle.child("Anna").pk,
        mark=Mark(is_present),
        now=now,
    )


def ordered(now: Any) -> list[str]:
    """Freeze the day, and return what is cooked apart."""
    (due,) = [one for one in freezing.due(now=now) if one.day == TODAY]
    cut_off.confirm_booked(by=OFFICE, service=due.service, day=TODAY, now=now)
    sheet = freezing.freeze(by=OFFICE, due=due, now=now)
    assert sheet
    return [one.label for order in cooked.orders(sheet_ids=[sheet.pk])[sheet.pk] for one in order.special.values()]


def line(valle: Cast) -> sheets.SheetLine:
    of_class = {"class_group_id": valle.classes["2B"].pk, "service_id": valle.services["mensa"].pk, "day": TODAY}
    return next(line for line in sheets.sheet(**of_class) if line.given_name == "Anna")


def test_it_is_served_and_shown_and_the_mark_stays_the_teachers(opt_out: Cast, at: Any) -> None:
    mark(opt_out, at("08:15"), is_present=True)
    assert ask(opt_out, "08:40", action="white", now=at("08:40")).is_accepted
    assert (line(opt_out).eats, line(opt_out).is_white) == (True, True)
    assert Presence.objects.get(child=opt_out.child("Anna")).marked_by_id == opt_out.staff["school"].pk
    page = browser(opt_out.town, opt_out.staff["kitchen"]).read("/cucina/")
    assert "2B 3 2 1 0 3" in page
    tell_again()
    assert ordered(at("09:31")) == ["in bianco"]
    assert line(opt_out).is_white


def test_it_goes_again_with_the_wish(opt_out: Cast, at: Any) -> None:
    mark(opt_out, at("08:15"), is_present=True)
    ask(opt_out, "08:40", action="white", now=at("08:40"))
    ask(opt_out, "08:50", action="book", now=at("08:50"))
    assert not line(opt_out).is_white
    assert ordered(at("09:31")) == []


def test_a_teacher_who_saw_it_has_the_last_word(opt_out: Cast, at: Any) -> None:
    ask(opt_out, "08:10", action="white", now=at("08:10"))
    mark(opt_out, at("08:15"), is_present=True, is_white=False)
    assert not line(opt_out).is_white
    assert ordered(at("09:31")) == []


@pytest.mark.parametrize("by_tap", [True, False])
def test_a_plain_present_leaves_the_family_its_white_meal(opt_out: Cast, at: Any, *, by_tap: bool) -> None:
    """Tapped absent by a slip of the finger, and back: the teacher has said nothing of the menu."""
    ask(opt_out, "08:10", action="white", now=at("08:10"))
    for moment, is_present in (("08:15", False), ("08:16", True)):
        if by_tap:
            tap(opt_out, at(moment), is_present=is_present)
        else:
            mark(opt_out, at(moment), is_present=is_present)
    assert (line(opt_out).eats, line(opt_out).is_white) == (True, True)
    assert ordered(at("09:31")) == ["in bianco"]
    assert Presence.objects.get(child=opt_out.child("Anna")).is_white
    assert proofs.violations() == []


def test_a_plain_present_follows_a_wish_that_is_taken_back(opt_out: Cast, at: Any) -> None:
    ask(opt_out, "08:10", action="white", now=at("08:10"))
    mark(opt_out, at("08:15"), is_present=True)
    ask(opt_out, "08:40", action="book", now=at("08:40"))
    assert not line(opt_out).is_white
    assert ordered(at("09:31")) == []


def test_the_page_says_of_the_menu_only_what_was_touched(opt_out: Cast, at: Any) -> None:
    """Opened before the family asked, it shows the usual meal, and a tap on the child does not take the white one away."""
    teacher, place = browser(opt_out.town, opt_out.staff["school"]), f"/appello/{opt_out.classes['2B'].pk}/mensa/"
    anna = opt_out.child("Anna").pk
    at("08:10")
    ask(opt_out, "08:10", action="white", now=at("08:10"))
    tapped = {"day": f"{TODAY}", "child": anna, "eats": 1, "white": 0, "late": 1}
    assert teacher.post(f"{place}segno/", {**tapped, "menu": 0}).status_code == 204
    assert line(opt_out).is_white
    assert teacher.post(f"{place}segno/", {**tapped, "menu": 1}).status_code == 204
    assert not line(opt_out).is_white
    # Without JavaScript the page says what was ticked when it was made: here it was in white, and the tick was taken off.
    sheet = {"day": f"{TODAY}", "shown": [anna], "before": [anna], "eats": [anna], "adults": 0, "adults_before": 0}
    teacher.post(place, {**sheet, "act": "save", "late": [], "late_before": [anna]})
    assert line(opt_out).is_white
    teacher.post(place, {**sheet, "act": "save", "white_before": [anna]})
    assert not line(opt_out).is_white


def test_a_white_meal_that_the_teacher_marked_stays(opt_out: Cast, at: Any) -> None:
    mark(opt_out, at("08:15"), is_present=True, is_white=True)
    ask(opt_out, "08:40", action="book", now=at("08:40"))
    assert line(opt_out).is_white
    assert ordered(at("09:31")) == ["in bianco"]


def test_who_is_marked_absent_has_none(opt_out: Cast, at: Any) -> None:
    mark(opt_out, at("08:15"), is_present=False)
    ask(opt_out, "08:40", action="white", now=at("08:40"))
    at("09:31")
    confirm(opt_out)
    presence = Presence.objects.get(child=opt_out.child("Anna"))
    assert (presence.is_present, presence.is_due, presence.is_white) == (False, True, False)
