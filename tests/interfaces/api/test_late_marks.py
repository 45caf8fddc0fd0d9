"""What comes in late changes what it would have changed in time, and nothing that was said after it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayEvent, Presence, RefusedMark, RollCall
from campanella.domains.ledger import verify
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.office import tablet_marks
from campanella.usecases import class_register, closing, mealtime, wishes
from campanella.usecases.importing.absences import Said
from campanella.usecases.marks import placing
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast
from tests.usecases.asking import ask


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


def test_a_closure_that_comes_between_looking_and_holding_keeps_the_mark(
    valle: Cast, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = placing.place

    def then_close(**about: Any) -> Any:
        found = look(**about)
        closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now(), school=valle.school)
        return found

    monkeypatch.setattr(placing, "place", then_close)
    answer = marks.hand_in(marks.made("absent", valle.child("Anna").pk))
    assert answer == ["kept Quel giorno il servizio è chiuso (Neve): il segno non conta."]
    assert not Presence.objects.exists()
    assert DayEvent.objects.get(kind="marked").counts is False


@pytest.mark.parametrize(
    ("who", "is_taken"),
    [("cashier", False), ("elsewhere", False), ("held", True), ("closed", True)],
)
def test_only_who_may_take_the_tablet_marks_by_it(valle: Cast, marks: Marks, who: str, is_taken: bool) -> None:
    """A cashier, or a teacher of another school, is refused with a trace; one whose access was closed since is not."""
    user = valle.staff["cashier" if who == "cashier" else "school"]
    if who in ("elsewhere", "held"):
        other = schools.register_school(code="x", name="Primaria Due", level="primaria")
        schools.let_work_at(user=user, school=other if who == "elsewhere" else valle.school)
    if who == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    marks.operator_id = user.pk
    (told,) = marks.hand_in(marks.made("absent", valle.child("Anna").pk))
    if is_taken:
        assert told == "accepted"
    else:
        assert told == "refused Non sappiamo chi ha fatto questo segno: non è fra chi usa questo tablet."
        assert RefusedMark.objects.count() == 1


@pytest.mark.parametrize("hour", ["08:50", "09:30"])
def test_a_register_that_came_while_the_confirmation_waited_does_not_overrule_it(
    valle: Cast, marks: Marks, at: Any, hour: str
) -> None:
    """Confirmed without network at nine: who had the class in sight could see the register of before, and none after it."""
    register = [Said(valle.child("Anna").pk, TODAY, is_present=False)]
    ask(valle, "08:00", action="white", now=at("08:00"))
    for moment in sorted([hour, "09:00"]):
        at(moment)
        if moment == hour:
            class_register.take(by=OFFICE, service=valle.services["mensa"], said=register, now=clock.now())
        else:
            confirmed = marks.made("confirmed")
    at("09:50")
    assert marks.hand_in(confirmed) == ["accepted"]
    anna = Presence.objects.get(child=valle.child("Anna"))
    is_there = hour > "09:00"
    assert (anna.is_present, anna.is_present and anna.is_white) == (is_there, is_there)
    assert valle.balance("Anna") == (-460 if is_there else 0)
    found = tablet_marks.to_look_at(now=clock.now())
    assert [[side.said for side in one.sides] for one in found] == ([["assente", "presente"]] if is_there else [])
    assert verify.violations() + proofs.violations() == []
