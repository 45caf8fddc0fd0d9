"""An id is of one thing: the same again gets the first answer, something else is refused, and nothing is lost silently."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.accounts import devices
from campanella.domains.attendance.models import DayEvent, Presence, RefusedMark
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast

USED = "refused Questo identificativo era già di un altro segno: questo non è stato preso, lo vede l’ufficio."


@pytest.fixture
def marks(valle: Cast) -> Marks:
    """A tablet in class 2B."""
    tablet = paired(valle.town, school_id=valle.school.pk)
    return Marks(tablet, valle.staff["school"].pk, valle.classes["2B"].pk)


def _present(valle: Cast) -> dict[str, bool]:
    names = {valle.child(name).pk: name for name in ("Anna", "Luca", "Amina")}
    return {names[p.child_id]: p.is_present for p in Presence.objects.filter(day=TODAY)}


@pytest.mark.parametrize(
    "change", [{"kind": "present"}, {"kind": "white"}, {"value": 3}, {"seq": 77}, "child", "class", "who"]
)
def test_something_else_under_an_id_is_refused_and_kept(valle: Cast, marks: Marks, change: Any) -> None:
    first = marks.made("absent", valle.child("Anna").pk)
    more = {
        "child": {"child_id": valle.child("Luca").pk},
        "class": {"class_id": valle.classes["3A"].pk},
        "who": {"operator_id": valle.staff["office"].pk},
    }
    other = {**first, **(more[change] if isinstance(change, str) else change)}
    assert marks.hand_in(first) == ["accepted"]

    assert marks.hand_in(other) == [USED]
    assert marks.hand_in(first, other, first) == ["accepted", USED, "accepted"]

    assert _present(valle) == {"Anna": False}
    assert RefusedMark.objects.get().content == other
    assert "Questo identificativo era già di un altro segno" in browser(valle.town, valle.staff["office"]).read(
        "/ufficio/tablet/segni/"
    )


def test_the_program_reads_why_in_a_word(valle: Cast, marks: Marks) -> None:
    first = marks.made("absent", valle.child("Anna").pk)
    sent = {"sent_at": clock.now().isoformat(), "events": [first, {**first, "kind": "present"}]}
    one, other = marks.tablet.ask("rollcall/events", sent).json()["answers"]
    assert (one["status"], "error" in one) == ("accepted", False)
    assert (other["status"], other["error"]) == ("refused", "event_id_used")


def test_within_one_batch_the_first_is_taken_and_a_true_repeat_keeps_its_answer(valle: Cast, marks: Marks) -> None:
    first = marks.made("absent", valle.child("Anna").pk)
    other = {**first, "kind": "present"}
    assert marks.hand_in(first, other, first) == ["accepted", USED, "accepted"]
    # Whichever comes first in the next one.
    assert marks.hand_in(other, first) == [USED, "accepted"]
    assert (_present(valle), DayEvent.objects.count()) == ({"Anna": False}, 1)


def test_a_confirmation_under_a_used_id_confirms_nothing(valle: Cast, marks: Marks) -> None:
    first = marks.made("adults", value=2)
    assert marks.hand_in(first) == ["accepted"]
    assert marks.hand_in({**first, "kind": "confirmed", "value": None}) == [USED]
    assert marks.hand_in(marks.made("confirmed")) == ["accepted"]


def test_an_id_that_was_refused_is_used_as_well_and_leaves_two_traces_at_most(valle: Cast, marks: Marks) -> None:
    first = marks.made("absent", 987_654)
    (told,) = marks.hand_in(first)
    others = [{**first, "child_id": valle.child("Anna").pk, "value": n} for n in range(5)]
    assert marks.hand_in(*others) == [USED] * 5
    assert marks.hand_in(others[0], first) == [USED, told]
    assert marks.hand_in({**first, "kind": "?"}, {**first, "kind": "!"}) == [USED] * 2
    assert RefusedMark.objects.count() == 2
    assert _present(valle) == {}


def test_a_repeat_whose_clock_was_set_meanwhile_is_a_repeat(valle: Cast, marks: Marks) -> None:
    first = marks.made("absent", valle.child("Anna").pk)
    moved = {**first, "made_at": (clock.now() - timedelta(minutes=3)).isoformat()}
    assert marks.hand_in(first) == marks.hand_in(moved) == ["accepted"]


def test_a_revoked_tablet_leaves_so_many_traces_a_day_and_is_told_to_forget(
    valle: Cast, marks: Marks, monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    monkeypatch.setattr(RefusedMark, "MOST_A_DAY", 5)
    anna = valle.child("Anna").pk

    def hand_in(count: int) -> Any:
        events = [marks.made("absent", anna, event_id=str(uuid4())) for _ in range(count)]
        return marks.tablet.ask("rollcall/events", {"sent_at": clock.now().isoformat(), "events": events})

    assert hand_in(1).json()["forget"] is False
    devices.revoke(by=OFFICE, device_id=marks.tablet.device_id, now=clock.now())
    first = hand_in(7)
    assert (first.status_code, first.json()["forget"]) == (200, True)
    assert {one["status"] for one in first.json()["answers"]} == {"refused"}
    for _ in range(2):
        answer = hand_in(3)
        assert (answer.status_code, answer.json()["error"]) == (401, "revoked_device")
    assert RefusedMark.objects.count() == 5
    page = browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/segni/")
    assert "ne ha mandati altri, che non sono stati tenuti" in page

    at("2026-10-15 09:00")
    assert hand_in(1).status_code == 200
    assert RefusedMark.objects.count() == 6
