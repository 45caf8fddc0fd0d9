"""A teacher corrects after the confirmation: who is there is the school's word, what is due the family's where it books."""

from typing import Any

import pytest

from campanella.domains.attendance.models import Presence
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.readings.explained import explained
from campanella.readings.office import disagreements
from campanella.usecases import mealtime
from tests import auditor
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, tell_again
from tests.usecases.asking import ask, confirm, goes


def correct(valle: Cast, becomes: str, name: str = "Anna", reason: str = "a casa") -> str:
    """Correct by the teacher's page, and return what it says next."""
    teacher = browser(valle.town, valle.staff["school"])
    place = f"/appello/{valle.classes['2B'].pk}/mensa/{valle.child(name).pk}/correggi/"
    teacher.post(place, {"day": TODAY.isoformat(), "becomes": becomes, "reason": reason})
    page = teacher.read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    tell_again()
    return page


@pytest.mark.parametrize(
    ("mode", "becomes", "is_present", "cents"),
    [
        # As a tablet's mark of the same moment: the uncancelled absent child pays (R1).
        ("opt_out", "assente", False, -460),
        ("roll_call", "assente", False, 0),
        ("register", "assente", False, 0),
        ("opt_out", "in bianco", True, -460),
    ],
)
def test_the_school_says_who_is_there_and_the_mode_what_is_due(
    valle: Cast, at: Any, mode: str, becomes: str, is_present: bool, cents: int
) -> None:
    goes(valle, mode)
    at("09:30:01")
    confirm(valle)
    at("09:50")
    correct(valle, becomes)
    assert (Presence.objects.get(child=valle.child("Anna")).is_present, valle.balance("Anna")) == (is_present, cents)
    assert auditor.differences(valle.town) == []


def test_who_comes_though_cancelled_pays_and_a_day_taken_away_is_explained(valle: Cast, at: Any) -> None:
    goes(valle)
    at("08:00")
    ask(valle, "08:00", "Luca")
    at("09:30:01")
    confirm(valle)
    at("09:50")
    correct(valle, "presente", "Luca", "è arrivato")
    correct(valle, "assente", "Anna")
    assert (valle.balance("Luca"), valle.balance("Anna")) == (-310, -460)
    line = [(valle.child("Anna").pk, valle.services["mensa"].pk)]
    because = explained(lines=line, day=TODAY, now=clock.now())[0].because
    assert "non disdetto entro le 9:30, segnato assente dalla scuola alle 9:50:00 («a casa»)" in because
    # The school's word is not the last one: the office decides on it.
    assert [one.child_id for one in disagreements.disagreements(day=TODAY)] == [valle.child("Luca").pk]


def test_the_school_does_not_turn_over_what_the_office_has_decided(valle: Cast, at: Any) -> None:
    goes(valle)
    at("09:30:01")
    confirm(valle)
    meal = valle.services["mensa"]
    about: dict[str, Any] = {"by": OFFICE, "child_id": valle.child("Anna").pk, "service": meal, "day": TODAY}
    mealtime.correct(**about, is_present=False, reason="era malata", now=at("09:40"))
    at("09:50")
    assert "l’ufficio ha già deciso" in correct(valle, "presente")
    assert valle.balance("Anna") == 0


def test_a_disagreement_ends_with_the_offices_correction_on_the_schools_page_too(valle: Cast, at: Any) -> None:
    goes(valle)
    at("08:00")
    ask(valle, "08:00")
    about: dict[str, Any] = {"roll_call": valle.roll_call(), "absent_ids": [], "adults": 0}
    mealtime.confirm(by=OFFICE, **about, changes={valle.child("Anna").pk: Mark(True)}, now=at("09:00"))
    page = browser(valle.town, valle.staff["school"])
    assert "La famiglia ha detto altro" in page.read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    tell_again()
    meal, anna = valle.services["mensa"], valle.child("Anna").pk
    mealtime.correct(
        by=OFFICE, child_id=anna, service=meal, day=TODAY, is_present=True, is_white=True, reason="c’era", now=at("10:00")
    )
    assert "La famiglia ha detto altro" not in page.read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    assert disagreements.disagreements(day=TODAY) == []
