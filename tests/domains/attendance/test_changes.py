"""Whatever changes a class counts on its roll-call: boards and pages that keep numbers in memory go by it."""

from collections.abc import Callable

import pytest

from campanella.domains.attendance.models import RollCall
from campanella.foundation.core import clock
from campanella.readings.office.changes import DayChange
from campanella.usecases import bulk_days, closing, mealtime
from tests.towns import OFFICE, TODAY, Cast


def close(valle: Cast) -> None:
    closure = closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now(), school=valle.school)
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=clock.now())


def correct(valle: Cast) -> None:
    change = DayChange(valle.child("Luca").pk, TODAY, is_present=False, is_white=False)
    meal = valle.services["mensa"]
    bulk_days.correct(by=OFFICE, service=meal, changes=[change], reason="a casa", now=clock.now())


@pytest.mark.parametrize("act", [close, correct])
def test_days_that_are_given_back_or_corrected_count_as_a_change_of_their_class(
    valle: Cast, act: Callable[[Cast], None]
) -> None:
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    before = RollCall.objects.get(class_group=valle.classes["2B"]).changes
    act(valle)
    assert RollCall.objects.get(class_group=valle.classes["2B"]).changes == before + 1
    assert valle.balance("Luca") == 0
