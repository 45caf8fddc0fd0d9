"""Of two taps of one tablet the later holds, however long each was under way; two authors who differ are both told."""

from datetime import time, timedelta
from typing import Any

import pytest

from campanella.domains.attendance.models import DayEvent, Presence
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.tablets import Marks, paired
from tests.towns import TODAY, Cast

Told = dict[str, Any]


def _tablet(valle: Cast, **options: Any) -> Marks:
    return Marks(paired(valle.town, school_id=valle.school.pk, **options), valle.staff["school"].pk, valle.classes["2B"].pk)


@pytest.fixture
def marks(valle: Cast) -> Marks:
    """A tablet in class 2B."""
    return _tablet(valle)


def _sent(marks: Marks, at: str, *events: Told) -> Any:
    """Hand in what was sent at another moment than it arrives."""
    sent_at = clock.rome(TODAY, time.fromisoformat(at))
    body = {"sent_at": (sent_at + marks.tablet.ahead).isoformat(), "events": list(events)}
    own = int((sent_at + marks.tablet.ahead).timestamp() * 1000)
    answer = marks.tablet.ask("rollcall/events", body, t=own)
    assert answer.status_code == 200, answer.content
    return [f"{one['status']} {one['sentence']}".strip() for one in answer.json()["answers"]]


def _is_there(valle: Cast, name: str = "Anna") -> bool:
    return Presence.objects.get(child_id=valle.child(name).pk, day=TODAY).is_present


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=3), timedelta(hours=-5)])
@pytest.mark.parametrize("delay", [10, 45])
@pytest.mark.parametrize("turned", [False, True])
def test_the_later_tap_of_a_tablet_holds_whatever_the_network_does(
    valle: Cast, at: Any, ahead: timedelta, delay: int, turned: bool
) -> None:
    marks, anna = _tablet(valle, ahead=ahead), valle.child("Anna").pk
    at("09:05:00")
    first = marks.made("absent", anna)
    at("09:05:03")
    second = marks.made("present", anna)
    sent = [("09:05:00", f"09:05:{delay}", first), ("09:05:04", "09:05:58", second)]
    if turned:
        sent = [("09:05:04", "09:05:05", second), ("09:05:00", f"09:05:{delay}", first)]

    for left, arrives, event in sent:
        at(arrives)
        assert _sent(marks, left, event) == ["accepted"]

    assert _is_there(valle)
    assert list(DayEvent.objects.order_by("made_at", "seq").values_list("seq", flat=True)) == [1, 2]


def test_a_slow_message_does_not_make_a_mark_late(valle: Cast, marks: Marks, at: Any) -> None:
    """Tapped two seconds before marks end, in a class that is confirmed; under way for twelve."""
    marks.hand_in(marks.made("confirmed"))
    at("09:29:58")
    event = marks.made("absent", valle.child("Anna").pk)
    at("09:30:10")
    assert _sent(marks, "09:29:58", event) == ["accepted"]
    assert not _is_there(valle)


def test_two_tablets_are_ordered_by_their_taps_though_one_of_them_is_slow(valle: Cast, marks: Marks, at: Any) -> None:
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05:00")
    first = marks.made("absent", anna)
    at("09:05:06")
    other.hand_in(other.made("present", anna))
    at("09:05:14")
    assert _sent(marks, "09:05:00", first) == ["kept Vale un altro segno, più recente, delle 9:05."]
    assert _is_there(valle)


def test_a_mark_that_its_own_tablet_has_overruled_is_no_news(valle: Cast, marks: Marks, at: Any) -> None:
    """Its own last mark holds, not the other tablet's in between: nobody is told that the other's does."""
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05")
    first = marks.made("absent", anna)
    at("09:10")
    other.hand_in(other.made("present", anna))
    at("09:15")
    last = marks.made("absent", anna)
    at("09:20")

    assert marks.hand_in(last, first) == ["accepted", "accepted"]
    assert not _is_there(valle)


@pytest.mark.parametrize("first", ["older", "newer"])
def test_two_tablets_that_differ_stand_before_the_office_whatever_came_first(
    valle: Cast, marks: Marks, at: Any, first: str
) -> None:
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05")
    older = marks.made("present", anna)
    at("09:12")
    newer = other.made("absent", anna)
    steps = [(marks, older), (other, newer)]
    for who, event in steps if first == "older" else steps[::-1]:
        at("09:20" if event is (newer if first == "older" else older) else "09:13")
        who.hand_in(event)

    page = browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/segni/")

    assert not _is_there(valle)
    assert "presente, Persona scuola alle 9:05 (Tablet 1)" in page
    assert "assente, Persona scuola alle 9:12 (Tablet 1)" in page
    assert "Vale: assente" in page


def test_a_tablet_and_the_page_that_differ_are_told_too(valle: Cast, marks: Marks, at: Any) -> None:
    at("09:05")
    anna = valle.child("Anna").pk
    teacher = browser(valle.town, valle.staff["school"])
    place = f"/appello/{valle.classes['2B'].pk}/mensa/segno/"
    assert teacher.post(place, {"day": TODAY.isoformat(), "child": anna, "eats": 1}).status_code == 204
    at("09:12")
    newer = marks.made("absent", anna)
    at("09:20")
    assert marks.hand_in(newer) == ["accepted"]

    page = browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/segni/")
    assert "presente, Persona scuola alle 9:05 (pagina della scuola)" in page


def test_who_changes_what_stood_on_the_screen_is_at_odds_with_nobody(valle: Cast, marks: Marks, at: Any) -> None:
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05")
    marks.hand_in(marks.made("absent", anna))
    at("09:12")
    other.hand_in(other.made("late", anna))

    assert "Segni da guardare:" not in browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/")


def test_who_comes_after_the_cut_off_eats_and_is_an_addition(valle: Cast, marks: Marks, at: Any) -> None:
    """Without network too: what counts is that the child is there."""
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    marks.hand_in(marks.made("absent", anna), marks.made("absent", luca), marks.made("confirmed"))
    at("10:05")
    late = [marks.made("present", anna), marks.made("white", luca), marks.made("adults", value=2)]
    at("10:40")
    assert valle.balance("Anna") == 0

    assert marks.hand_in(*late) == ["accepted"] * 3

    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, -310)
    assert _is_there(valle)
    assert Presence.objects.get(child_id=luca).is_white
    # Whose meal was cooked stays: that is the office's.
    at("10:50")
    assert marks.hand_in(marks.made("absent", anna))[0].startswith("kept È di dopo le 9:30")
    assert _is_there(valle)


def test_who_leaves_early_is_written_down_at_any_hour(valle: Cast, marks: Marks, at: Any) -> None:
    anna = valle.child("Anna").pk
    marks.hand_in(marks.made("arrived", anna, "08:05"), marks.made("confirmed"))
    at("12:10")
    assert marks.hand_in(marks.made("left", anna, "12:10")) == ["accepted"]
    assert str(Presence.objects.get(child_id=anna).left) == "12:10:00"


def test_who_left_before_coming_is_refused_alone(valle: Cast, marks: Marks) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    marks.hand_in(marks.made("arrived", anna, "08:40"))
    told = marks.hand_in(
        marks.made("left", anna, "08:10"),
        marks.made("arrived", luca, "08:30"),
        marks.made("left", luca, "08:20"),
        marks.made("left", luca, "12:30"),
        marks.made("adults", value=500),
    )
    assert told == [
        "refused L’uscita delle 8:10 è prima dell’entrata delle 8:40: segna di nuovo l’ora.",
        "accepted",
        "refused L’uscita delle 8:20 è prima dell’entrata delle 8:30: segna di nuovo l’ora.",
        "accepted",
        "refused value deve essere un numero intero, da 0 a 99.",
    ]
    hours = {p.child_id: (str(p.arrived), str(p.left)) for p in Presence.objects.filter(child_id__in=[anna, luca])}
    assert hours == {anna: ("08:40:00", "None"), luca: ("08:30:00", "12:30:00")}


def test_who_has_left_and_come_back_is_there(valle: Cast, marks: Marks, at: Any) -> None:
    anna = valle.child("Anna").pk
    marks.hand_in(marks.made("arrived", anna, "08:00"), marks.made("left", anna, "09:00"))
    at("09:20")
    marks.hand_in(marks.made("arrived", anna, "09:20"))
    found = Presence.objects.get(child_id=anna)
    assert (str(found.arrived), found.left) == ("09:20:00", None)
