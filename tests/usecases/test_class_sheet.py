"""A class's sheet from paper: what it says is on record of every child, whatever comes in later."""

from datetime import timedelta
from typing import Any

from campanella.domains.attendance.models import DayEvent, Presence
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import class_sheet
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast

NAMES = ("Anna", "Luca", "Amina")


def enter(valle: Cast, states: dict[str, Mark], group: str = "2B") -> int:
    sheet = class_sheet_of(
        user=valle.staff["office"], class_group_id=valle.classes[group].pk, service_code="mensa", day=TODAY
    )
    said = {valle.child(name).pk: mark for name, mark in states.items()}
    return class_sheet.enter_from_paper(by=OFFICE, sheet=sheet, states=said, adults=None, now=clock.now())


def test_a_tablets_mark_that_was_made_before_does_not_turn_over_what_paper_agreed_on(valle: Cast, at: Any) -> None:
    tablet = paired(valle.town, school_id=valle.school.pk)
    marks = Marks(tablet, valle.staff["school"].pk, valle.classes["2B"].pk)
    at("08:50")
    absent = marks.made("absent", valle.child("Anna").pk)
    at("10:30")
    enter(valle, dict.fromkeys(NAMES, Mark(True)))
    assert DayEvent.objects.filter(kind="marked", channel="office").count() == len(NAMES)
    at("11:00")
    marks.hand_in(absent)
    assert Presence.objects.get(child=valle.child("Anna")).is_present
    assert valle.balance("Anna") == -460


def test_paper_of_a_class_leaves_who_is_settled_in_another_one(valle: Cast, at: Any) -> None:
    at("10:30")
    enter(valle, dict.fromkeys(NAMES, Mark(True)))
    schools.move(child_id=valle.child("Luca").pk, class_group=valle.classes["3A"], first=TODAY)
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert enter(valle, {"Luca": Mark(True)}, "3A") == 1
    assert valle.balance("Luca") == -310
