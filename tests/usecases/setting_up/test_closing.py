"""A school, or a class, is no more from a day on: what waits for it ends, what was stays, nobody elsewhere notices."""

from datetime import date

import pytest

from campanella.domains.attendance.models import RollCall
from campanella.domains.enrolment.models import Subscription
from campanella.domains.places.models import Place
from campanella.domains.schools import queries as places
from campanella.domains.schools.keeping import ClosedBefore, NewSchool
from campanella.domains.schools.models import ClassGroup, School, SchoolYear
from campanella.domains.schools.operations import SchoolIsClosed
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases import enrolling
from campanella.usecases.setting_up import closing, schools
from tests.buses import assign, ride
from tests.towns import OFFICE, TODAY, Cast, open_class

FIRST = date(2026, 11, 2)


def close(valle: Cast, first: date = FIRST) -> closing.Ending:
    return closing.close_school(by=OFFICE, school_id=valle.school.pk, first=first, now=clock.now())


def close_class(valle: Cast, to: str = "", first: date = FIRST) -> closing.Ending:
    return closing.close_class(
        by=OFFICE,
        class_group_id=valle.classes["2B"].pk,
        to_id=valle.classes[to].pk if to else None,
        first=first,
        now=clock.now(),
    )


def class_of(valle: Cast, child: str, day: date) -> str:
    place = places.places_of(child_ids=[valle.child(child).pk], day=day).get(valle.child(child).pk)
    return place.label if place else ""


def elsewhere(valle: Cast) -> ClassGroup:
    """Give another school with a class."""
    other = schools.add(by=OFFICE, new=NewSchool("", "Primaria Montessori", "primaria"), now=clock.now())
    return open_class(school=other, year=SchoolYear.objects.get(), name="2A")


def test_a_closed_school_takes_its_children_services_and_seasons_with_it(valle: Cast) -> None:
    group = elsewhere(valle)
    anna = valle.child("Anna").pk
    enrolling.move(by=OFFICE, child_id=anna, class_group_id=group.pk, first=FIRST, now=clock.now())
    told = closing.of_school(school=valle.school, first=FIRST, now=clock.now())
    assert (len(told.child_ids), len(told.left), len(told.uses), len(told.seasons)) == (2, 2, 2, 2)
    close(valle)
    assert [class_of(valle, name, FIRST) for name in ("Anna", "Luca")] == ["2A · Primaria Montessori", ""]
    assert class_of(valle, "Luca", date(2026, 11, 1)) == "2B · Primaria Rodari"
    # Anna goes on using what she uses, Luca uses nothing any more.
    assert Subscription.objects.filter(child_id=anna, days__contains=FIRST).count() == 2
    assert not Subscription.objects.filter(child=valle.child("Luca"), days__contains=FIRST).exists()
    assert {one.days.upper for one in ServiceCalendar.objects.filter(school=valle.school)} == {FIRST}
    assert [group.name for group in places.all_classes(day=FIRST)] == ["2A"]
    assert len(places.all_classes(day=TODAY)) == 3


def test_a_seat_on_the_bus_ends_with_the_school(valle: Cast) -> None:
    assign(valle, ride(valle), "Luca")
    close(valle)
    assert Place.objects.get().end == FIRST


def test_nobody_is_put_into_a_closed_school(valle: Cast) -> None:
    close(valle)
    place = {"by": OFFICE, "child_id": valle.child("Luca").pk, "class_group_id": valle.classes["3A"].pk, "now": clock.now()}
    with pytest.raises(SchoolIsClosed):
        enrolling.move(first=FIRST, **place)  # type: ignore[arg-type]  # values of one call
    # Before it closes it is still there, until its last day.
    enrolling.move(first=date(2026, 10, 20), **place)  # type: ignore[arg-type]  # values of one call
    assert [class_of(valle, "Luca", day) for day in (date(2026, 11, 1), FIRST)] == ["3A · Primaria Rodari", ""]
    closing.reopen_school(by=OFFICE, school_id=valle.school.pk, now=clock.now())
    enrolling.move(first=FIRST, **place)  # type: ignore[arg-type]  # values of one call
    assert class_of(valle, "Luca", FIRST) == "3A · Primaria Rodari"


def test_a_school_closes_once_and_on_a_day_to_come(valle: Cast) -> None:
    with pytest.raises(closing.NotToCome):
        close(valle, TODAY)
    close(valle)
    with pytest.raises(ClosedBefore):
        close(valle, date(2026, 12, 1))
    assert School.objects.get().closed_from == FIRST


def test_a_day_that_is_confirmed_keeps_the_school_until_then(valle: Cast) -> None:
    call = valle.roll_call(day=date(2026, 10, 15))
    RollCall.objects.filter(pk=call.pk).update(confirmed_at=clock.now())
    for act in (lambda: close(valle, date(2026, 10, 15)), lambda: close_class(valle, first=date(2026, 10, 15))):
        with pytest.raises(closing.Called, match="scegli un giorno dopo"):
            act()
    close(valle, date(2026, 10, 16))


@pytest.mark.parametrize("to", ["3A", ""])
def test_the_children_of_a_closed_class_go_where_the_office_says(valle: Cast, to: str) -> None:
    found = close_class(valle, to)
    assert (len(found.child_ids), len(found.left), len(found.uses)) == (3, 0 if to else 3, 0)
    assert class_of(valle, "Anna", date(2026, 11, 1)) == "2B · Primaria Rodari"
    assert class_of(valle, "Anna", FIRST) == (f"{to} · Primaria Rodari" if to else "")
    assert [group.name for group in places.all_classes(day=FIRST)] == ["3A"]
    assert Subscription.objects.filter(child=valle.child("Anna"), days__contains=FIRST).count() == 2


def test_a_class_goes_into_no_class_but_one_beside_it(valle: Cast) -> None:
    valle.classes["2A"] = elsewhere(valle)
    for to in ("2A", "2B"):
        with pytest.raises(closing.NotBesides):
            close_class(valle, to)
    with pytest.raises(closing.OutsideTheYear):
        close_class(valle, "3A", date(2027, 9, 1))
