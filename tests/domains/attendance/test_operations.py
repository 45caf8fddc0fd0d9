"""Marking, confirming and correcting, without money."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import correcting, operations, queries
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import holding
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import Membership
from campanella.domains.services.models import ClassCalendar
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.models import Change
from campanella.readings import serving
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast


def eating(valle: Cast, class_name: str = "2B") -> dict[str, bool]:
    found = queries.sheet(class_group_id=valle.classes[class_name].pk, service_id=valle.services["mensa"].pk, day=TODAY)
    return {line.given_name: line.eats for line in found}


def mark(valle: Cast, call: RollCall, name: str, is_present: bool) -> None:
    teacher = valle.staff["school"]
    child = valle.child(name).pk
    operations.mark(by=teacher, roll_call_id=call.pk, child_id=child, mark=Mark(is_present), now=clock.now())


def confirm(valle: Cast, call: RollCall, adults: int | None = None) -> None:
    lines = queries.expected(class_group_ids=[call.class_group_id], service_id=call.service_id, day=call.day)
    marks = [operations.ToWrite(call.pk, line.child_id, *[line.mark is not False] * 2) for line in lines]
    holding.hold_payers(child_ids=[line.child_id for line in lines], service_id=call.service_id)
    operations.confirm(
        by=valle.staff["school"],
        roll_call_ids=[call.pk],
        marks=marks,
        service_id=call.service_id,
        day=call.day,
        adults=adults,
        now=clock.now(),
        channel="page",
    )


def test_a_tap_takes_away_and_another_gives_back(valle: Cast) -> None:
    call = valle.roll_call()
    mark(valle, call, "Luca", False)
    assert eating(valle) == {"Anna": True, "Luca": False, "Amina": True}
    mark(valle, call, "Luca", True)
    assert eating(valle)["Luca"] is True


def test_only_a_child_of_the_sheet_is_marked(valle: Cast) -> None:
    mark(valle, valle.roll_call(service="scuolabus"), "Anna", False)
    with pytest.raises(operations.NotOnTheSheet):
        mark(valle, valle.roll_call(service="scuolabus"), "Luca", False)
    with pytest.raises(operations.NotOnTheSheet):
        mark(valle, valle.roll_call("3A"), "Anna", False)


def test_after_the_confirmation_a_tap_is_refused(valle: Cast) -> None:
    call = valle.roll_call()
    mark(valle, call, "Luca", False)
    confirm(valle, call)
    with pytest.raises(operations.AlreadyConfirmed):
        mark(valle, call, "Luca", True)
    marks = {valle.child("Luca").pk: Mark(is_present=True)}
    with pytest.raises(operations.AlreadyConfirmed):
        operations.mark_many(by=valle.staff["school"], roll_call=call, marks=marks, now=clock.now())
    with pytest.raises(operations.AlreadyConfirmed):
        operations.set_adults(by=valle.staff["school"], roll_call_id=call.pk, adults=3, now=clock.now())
    with pytest.raises(operations.AlreadyConfirmed):
        confirm(valle, call)
    assert eating(valle)["Luca"] is False


def test_adults_are_counted_and_a_confirmation_may_leave_them(valle: Cast) -> None:
    call = valle.roll_call()
    operations.set_adults(by=valle.staff["school"], roll_call_id=call.pk, adults=2, now=clock.now())
    confirm(valle, call)
    (line,) = queries.board(day=TODAY, service_ids=[valle.services["mensa"].pk])
    assert (line.adults, line.total) == (2, 5)


def test_a_correction_needs_a_roll_call(valle: Cast) -> None:
    holding.hold_children(child_ids=[valle.child("Anna").pk])
    with pytest.raises(NotFound):
        correcting.correct(
            by=OFFICE,
            child_id=valle.child("Anna").pk,
            service_id=valle.services["mensa"].pk,
            day=TODAY,
            mark=Mark(is_present=False),
            reason="prova",
            now=clock.now(),
            channel="office",
        )


def test_a_child_that_moves_in_the_middle_of_the_month_is_on_one_sheet_a_day(valle: Cast) -> None:
    anna = valle.child("Anna")
    Membership.objects.filter(child=anna).update(days=DateRange(date(2026, 9, 1), TODAY))
    schools.place(child=anna, class_group=valle.classes["3A"], first=TODAY, end=None)
    assert set(eating(valle)) == {"Luca", "Amina"}
    assert set(eating(valle, "3A")) == {"Anna"}
    yesterday = TODAY - timedelta(days=1)
    before = queries.sheet(class_group_id=valle.classes["2B"].pk, service_id=valle.services["mensa"].pk, day=yesterday)
    assert {line.given_name for line in before} == {"Anna", "Luca", "Amina"}


def test_the_board_counts_diets_of_those_who_eat(valle: Cast) -> None:
    for name in ("Anna", "Luca"):
        serve(valle.child(name), "D1", "Senza glutine")
    call = valle.roll_call()
    mark(valle, call, "Luca", False)
    (line,) = queries.board(day=TODAY, service_ids=[valle.services["mensa"].pk])
    assert (line.expected, line.eating, line.plain, line.menus) == (3, 2, 1, {("D1", False, False): 1})


def test_every_change_of_a_class_is_counted_and_told(valle: Cast, at) -> None:
    call = valle.roll_call()
    Change.objects.all().delete()
    mark(valle, call, "Luca", False)
    at("08:40")
    mark(valle, call, "Amina", False)
    operations.set_adults(by=valle.staff["school"], roll_call_id=call.pk, adults=1, now=clock.now())
    call.refresh_from_db()
    assert call.changes == 3
    told = Change.objects.filter(whose="class", subject=call.class_group_id, days__contains=TODAY)
    assert told.count() == 3


CLOSURES = {
    "nothing": (None, True),
    "the town": ({}, False),
    "the school": ({"school": "rodari"}, False),
    "the class": ({"class_group": "2B"}, False),
    "another class": ({"class_group": "3A"}, True),
    "the service": ({"service": "mensa"}, False),
    "another service": ({"service": "scuolabus"}, True),
}


@pytest.mark.parametrize("case", CLOSURES)
@pytest.mark.parametrize(("day", "runs"), [(TODAY, True), (date(2026, 10, 17), False), (date(2026, 9, 14), False)])
def test_a_class_begins_exactly_where_it_is_served(valle: Cast, case: str, day: date, runs: bool) -> None:
    """The first tap asks in one statement what the calendar and the closures say; both must agree."""
    closure, is_open = CLOSURES[case]
    if closure is not None:
        where = {"school": valle.school} if "school" in closure else {}
        where |= {"class_group": valle.classes[closure["class_group"]]} if "class_group" in closure else {}
        where |= {"service_ids": [valle.services[closure["service"]].pk]} if "service" in closure else {}
        schools.close(by=OFFICE, first=day, last=day, reason="Sciopero", now=clock.now(), **where)
    group, service = valle.classes["2B"], valle.services["mensa"]
    served = serving.on(day=day).serves(service_id=service.pk, school_id=valle.school.pk, class_group_id=group.pk)
    begun = operations.begin_served(by=valle.staff["school"], class_group_id=group.pk, service_code="mensa", day=day)
    assert served is (begun is not None) is (runs and is_open)
    assert {c.name for c in serving.classes(service_id=service.pk, day=day)} >= ({"2B"} if served else set())
    assert ("2B" in {c.name for c in serving.classes(service_id=service.pk, day=day)}) is served


@pytest.mark.parametrize(("weekdays", "is_served"), [(0b11111, True), (0b00100, True), (0b11011, False)])
def test_a_class_begins_on_its_own_days_of_the_week_only(valle: Cast, weekdays: int, is_served: bool) -> None:
    """Of TODAY, a Wednesday: the statement of the first tap and the reading of the day agree on return days."""
    group, service = valle.classes["2B"], valle.services["mensa"]
    days = DateRange(date(2026, 9, 1), None)
    ClassCalendar.objects.create(service=service, class_group=group, days=days, weekdays=weekdays)
    of_day = serving.on(day=TODAY)
    where = {"service_id": service.pk, "school_id": valle.school.pk}
    assert of_day.serves(**where, class_group_id=group.pk) is is_served
    assert of_day.serves(**where, class_group_id=valle.classes["3A"].pk)
    begun = operations.begin_served(by=valle.staff["school"], class_group_id=group.pk, service_code="mensa", day=TODAY)
    assert (begun is not None) is is_served
    assert ("2B" in {c.name for c in serving.classes(service_id=service.pk, day=TODAY)}) is is_served


def test_a_roll_call_begins_once_and_only_in_ones_own_school(valle: Cast) -> None:
    teacher = valle.staff["school"]
    place = {"by": teacher, "class_group_id": valle.classes["2B"].pk, "service_code": "mensa", "day": TODAY}
    assert operations.begin_served(**place) == operations.begin_served(**place) == valle.roll_call().pk
    elsewhere = schools.register_school(code="altrove", name="Altrove", level="primaria")
    look = {"user": teacher, "class_group_id": valle.classes["2B"].pk, "service_code": "mensa", "day": TODAY}
    assert queries.roll_call_id_seen_by(**look) == valle.roll_call().pk
    schools.let_work_at(user=teacher, school=elsewhere)
    assert queries.roll_call_id_seen_by(**look) is None
    assert queries.roll_call_seen_by(**look) is None
    assert operations.begin_served(**place) is None
