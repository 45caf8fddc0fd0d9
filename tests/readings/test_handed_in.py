"""What a tablet's marks are judged by is asked in SQL: it says what the calendars, closures and rules of the day say."""

from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import terms
from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import ClassCalendar
from campanella.foundation.core import clock
from campanella.readings import handed_in, serving
from campanella.readings.handed_in import Spot
from campanella.usecases import tablets
from tests.towns import OFFICE, TODAY, Cast

DAYS = [TODAY + timedelta(days=number) for number in range(-5, 3)]


def _closed(first: date, **where: object) -> None:
    schools.close(by=OFFICE, first=first, last=first, reason=f"chiuso {first}", now=clock.now(), **where)  # type: ignore[arg-type]


def _moved(day: date, until: datetime, **where: object) -> None:
    CutOffShift.objects.create(day=day, until=until, reason="portale fermo", at=clock.now(), **where)


def test_a_room_is_what_the_day_says_of_it(valle: Cast) -> None:
    meal, bus, group = valle.services["mensa"], valle.services["scuolabus"], valle.classes["2B"]
    elsewhere = schools.register_school(code="altrove", name="Altrove", level="primaria")
    _closed(DAYS[0])
    _closed(DAYS[1], school=valle.school)
    _closed(DAYS[1], class_group=group)
    _closed(DAYS[2], class_group=group)
    _closed(DAYS[3], service_ids=[meal.pk])
    _closed(DAYS[4], school=elsewhere)
    since = DateRange(TODAY, None)
    DayRule.objects.create(
        service=meal, school=valle.school, days=since, mode="opt_out", cut_off=time(8), marks_until=time(11)
    )
    DayRule.objects.create(service=bus, school=elsewhere, days=since, mode="opt_in", cut_off=time(7), cut_off_days_before=2)
    _moved(TODAY, clock.rome(TODAY, time(10)))
    _moved(TODAY, clock.rome(TODAY, time(12)), service=meal, school=valle.school)
    _moved(TODAY, clock.rome(TODAY, time(13)), service=bus, school=elsewhere)
    _moved(DAYS[-1], clock.rome(DAYS[-1], time(11, 30)), service=meal)
    ClassCalendar.objects.create(class_group=group, service=meal, days=DateRange(TODAY, None), weekdays=0b00100)
    assert TODAY.weekday() == 2, "the class comes on Wednesdays alone"
    tablet = tablets.prepare(by=OFFICE, name="Tablet", school_id=valle.school.pk, now=clock.now()).device
    spots = [Spot(one.pk, code, day) for one in valle.classes.values() for code in valle.services for day in DAYS]

    rooms = handed_in.known(device_id=tablet.pk, operator_ids=[], asked=[], spots=spots).rooms

    assert rooms.keys() == set(spots)
    told = set()
    for spot, room in rooms.items():
        service_id, of_day = valle.services[spot.service].pk, serving.on(day=spot.day)
        where = {"school_id": valle.school.pk, "class_group_id": spot.class_group_id, "service_id": service_id}
        assert (room.class_group_id, room.school_id, room.service_id) == (spot.class_group_id, valle.school.pk, service_id)
        assert room.is_served is of_day.uses(**where)
        assert room.closed_because == of_day.closed_because(**where)
        assert room.terms == terms.on(day=spot.day).of(service_id=service_id, school_id=valle.school.pk)
        told |= {("served", room.is_served), ("closed", bool(room.closed_because)), ("mode", room.terms.mode)}
    assert told == {*[(what, is_so) for what in ("served", "closed") for is_so in (True, False)], *MODES}


MODES = {("mode", "roll_call"), ("mode", "opt_out")}


def test_a_class_of_another_school_is_no_room_and_an_unknown_service_has_no_number(valle: Cast) -> None:
    elsewhere = schools.register_school(code="altrove", name="Altrove", level="primaria")
    tablet = tablets.prepare(by=OFFICE, name="Tablet", school_id=elsewhere.pk, now=clock.now()).device
    ours = tablets.prepare(by=OFFICE, name="Nostro", school_id=valle.school.pk, now=clock.now()).device
    spots = [Spot(valle.classes["2B"].pk, code, TODAY) for code in ("mensa", "piscina")]

    def rooms(device_id: int) -> dict[str, int | None]:
        known = handed_in.known(device_id=device_id, operator_ids=[], asked=[], spots=spots)
        return {spot.service: room.service_id for spot, room in known.rooms.items()}

    assert rooms(tablet.pk) == {}
    assert rooms(ours.pk) == {"mensa": valle.services["mensa"].pk, "piscina": None}
