"""What comes in late changes what it would have changed in time, and nothing that was said after it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayEvent, Presence, RollCall
from campanella.foundation.core import clock
from campanella.usecases import mealtime, wishes
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast


@pytest.fixture
def marks(valle: Cast) -> Marks:
    """A tablet in class 2B."""
    tablet = paired(valle.town, school_id=valle.school.pk)
    return Marks(tablet, valle.staff["school"].pk, valle.classes["2B"].pk)


def _correct(valle: Cast, *, is_present: bool) -> None:
    mealtime.correct(
        by=OFFICE,
        child_id=valle.child("Anna").pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=is_present,
        reason="ha telefonato la famiglia",
        now=clock.now(),
    )


def _confirm(valle: Cast, *absent: str, adults: int | None = None) -> None:
    gone = [valle.child(name).pk for name in absent]
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=gone, adults=adults, now=clock.now())


def test_who_confirms_without_a_word_of_adults_does_not_overrule_the_tablet(valle: Cast, marks: Marks, at: Any) -> None:
    at("09:05")
    counted = marks.made("adults", value=2)
    at("09:31")
    _confirm(valle)
    at("09:50")
    assert marks.hand_in(counted) == ["accepted"]
    assert RollCall.objects.get().adults == 2


def test_a_number_of_adults_said_at_the_confirmation_is_the_newer_one(valle: Cast, marks: Marks, at: Any) -> None:
    at("09:05")
    counted = marks.made("adults", value=2)
    at("09:31")
    _confirm(valle, adults=1)
    at("09:50")
    marks.hand_in(counted)
    assert RollCall.objects.get().adults == 1


def test_what_the_office_has_said_holds_though_the_day_said_it_already(valle: Cast, marks: Marks, at: Any) -> None:
    at("09:05")
    absent = marks.made("absent", valle.child("Anna").pk)
    at("09:31")
    _confirm(valle)
    at("09:40")
    for _ in range(2):
        _correct(valle, is_present=True)
    at("09:50")
    marks.hand_in(absent)
    assert valle.balance("Anna") == -460
    # Once: the second press says nothing new.
    assert DayEvent.objects.filter(kind="corrected").count() == 1


def test_who_is_absent_on_paper_is_absent_though_a_tablet_said_so_too(valle: Cast, marks: Marks, at: Any) -> None:
    at("09:05")
    marks.hand_in(marks.made("absent", valle.child("Anna").pk))
    at("09:10")
    there = marks.made("present", valle.child("Anna").pk)
    at("09:31")
    _confirm(valle, "Anna")
    at("09:50")
    marks.hand_in(there)
    assert not Presence.objects.get(child=valle.child("Anna")).is_present
    assert valle.balance("Anna") == 0


@pytest.mark.parametrize(("before", "answer", "cents"), [(1, "accepted", 0), (-1, "taken", -310)])
def test_a_request_is_judged_by_its_receipt_though_the_class_was_confirmed_while_it_waited(
    valle: Cast, before: int, answer: str, cents: int
) -> None:
    """Where the roll-call decides; a microsecond before the confirmation, and one after it."""
    _confirm(valle)
    told = wishes.ask(
        by=valle.families["rossi"].user,
        lines=[(valle.child("Luca").pk, valle.services["mensa"].pk)],
        days=[TODAY],
        action="cancel",
        key=uuid4(),
        arrival=Arrival(clock.now() - timedelta(microseconds=before)),
        now=clock.now(),
    )
    assert [day.answer for day in told.days] == [answer]
    assert valle.balance("Luca") == cents
