"""The list of a bus by line and stop, and the roll-call of a ride over the classes of all who are on it."""

from datetime import date, time, timedelta

import pytest

from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.schools import operations as schools
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.readings import riders as reading
from campanella.usecases import line_roll
from campanella.usecases.line_roll import Called
from tests.browsing import Browser, browser
from tests.buses import assign, ride
from tests.towns import TODAY, Cast, text_of

LIST = "/appello/elenco/scuolabus/"


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


@pytest.fixture
def line(valle: Cast) -> Ride:
    """Anna and Luca of 2B ride, Amina of 3A as well, each at a stop."""
    schools.move(child_id=valle.child("Amina").pk, class_group=valle.classes["3A"], first=TODAY)
    one = ride(valle, capacity=10)
    for child, at in (("Luca", "Piazza Verdi"), ("Anna", "Via Roma"), ("Amina", "Via Roma")):
        assign(valle, one, child, at=at)
    return one


def call(cast: Cast, teacher: Browser, line: Ride, *absent: str, day: date = TODAY) -> str:
    ids = {name: str(cast.child(name).pk) for name in ("Anna", "Luca", "Amina")}
    there = [pk for name, pk in ids.items() if name not in absent]
    form = {"day": day.isoformat(), "shown": list(ids.values()), "there": there}
    return text_of(teacher.post(f"/appello/linea/{line.pk}/", form, follow=True))


def test_the_list_goes_by_stop_in_the_order_of_the_ride(line: Ride, teacher: Browser) -> None:
    page = teacher.read(LIST)
    places = [
        page.index(words)
        for words in ("discesa 13:10 Via Roma", "Haddad Amina", "Rossi Anna", "13:20 Piazza Verdi", "Rossi Luca")
    ]
    assert places == sorted(places)
    assert "Maria Addolorata Rossi" in page, "who takes it home"


def test_one_ride_alone_is_shown_and_printed(valle: Cast, line: Ride, teacher: Browser) -> None:
    other = ride(valle, "2", capacity=5)
    assert "Vengono in 0 su 0" in teacher.read(LIST, corsa=str(other.pk))
    assert "Vengono in 3 su 3" in teacher.read(LIST, corsa=str(line.pk))
    paper = teacher.get(f"{LIST}elenco.pdf?corsa={line.pk}")
    assert paper.content.startswith(b"%PDF")
    assert "elenco-scuolabus-1-ritorno" in paper.headers["Content-Disposition"]


def test_who_has_no_stop_comes_last(valle: Cast, teacher: Browser) -> None:
    ride(valle)
    page = teacher.read(LIST)
    assert page.index("Senza fermata") < page.index("Rossi Anna")


def test_the_list_of_a_day_to_come_knows_who_begins_then(valle: Cast, teacher: Browser) -> None:
    one, tomorrow = ride(valle), TODAY + timedelta(days=1)
    assign(valle, one, "Luca", first=tomorrow)
    assert "Rossi Luca" not in teacher.read(LIST)
    assert "Rossi Luca" in teacher.read(LIST, giorno=tomorrow.isoformat())
    assert "Rossi Luca" not in teacher.read(LIST, giorno="2030-01-01"), "so far ahead it is today's"


def test_a_call_of_the_ride_confirms_every_class_and_charges_who_rides(valle: Cast, line: Ride, teacher: Browser) -> None:
    said = call(valle, teacher, line, "Luca")
    assert "2 bambini viaggiano" in said
    assert RollCall.objects.filter(service=valle.services["scuolabus"], confirmed_at__isnull=False).count() == 2
    assert [valle.balance(name, "scuolabus") for name in ("Anna", "Luca", "Amina")] == [-150, 0, -150]


def test_a_class_waits_for_who_is_called_elsewhere(valle: Cast, teacher: Browser) -> None:
    first, second = ride(valle, capacity=5), ride(valle, "2", capacity=5)
    assign(valle, first, "Anna")
    assign(valle, second, "Luca")
    anna, luca = (str(valle.child(name).pk) for name in ("Anna", "Luca"))
    form = {"day": TODAY.isoformat(), "shown": [anna], "there": [anna]}
    assert "1 classe aspetta" in text_of(teacher.post(f"/appello/linea/{first.pk}/", form, follow=True))
    assert valle.balance("Anna", "scuolabus") == 0
    teacher.post(f"/appello/linea/{second.pk}/", {**form, "shown": [luca], "there": []})
    assert valle.balance("Anna", "scuolabus") == -150
    assert (
        Presence.objects.get(child=valle.child("Luca"), service=valle.services["scuolabus"], day=TODAY).is_present is False
    )


def test_called_twice_nothing_is_charged_twice_and_it_is_said(valle: Cast, line: Ride, teacher: Browser) -> None:
    call(valle, teacher, line)
    assert "in una classe già confermata" in call(valle, teacher, line, "Anna")
    assert valle.balance("Anna", "scuolabus") == -150


def test_a_strange_child_and_another_day_are_refused(valle: Cast, teacher: Browser) -> None:
    one = ride(valle)
    assign(valle, one, "Anna")
    assert "era di un altro giorno" in call(valle, teacher, one, day=TODAY - timedelta(days=1))
    call(valle, teacher, one)
    assert not RollCall.objects.filter(service=valle.services["scuolabus"], confirmed_at__isnull=False).exists()


def test_both_ways_of_one_service_stand_apart(valle: Cast, teacher: Browser) -> None:
    there = ride(valle, way="out", stops=(StopData("Via Roma", time(7, 10)),), capacity=5)
    back = ride(valle, capacity=5)
    for one in (there, back):
        assign(valle, one, "Anna")
    page = teacher.read(LIST)
    assert page.index("salita 7:10 Via Roma") < page.index("discesa 13:10 Via Roma")
    assert "Maria" not in teacher.read(LIST, corsa=str(there.pk)), "on the way to school nobody takes anybody over"


def test_who_does_not_come_in_the_morning_may_still_ride_home(valle: Cast) -> None:
    home = ride(valle, capacity=9)
    out = ride(valle, way="out", capacity=9, stops=(StopData("Via Po", time(7)),))
    for child in ("Anna", "Luca"):
        assign(valle, home, child)
        assign(valle, out, child, at="Via Po")
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk

    def call(of: Ride, there: dict[int, bool]) -> tuple[Called, dict[int, bool | None]]:
        by = valle.staff["school"]
        found = reading.riders(user=by, service_code="scuolabus", day=TODAY)
        done = line_roll.call(by=by, found=found, ride=of, there=there, now=clock.now())
        found = reading.riders(user=by, service_code="scuolabus", day=TODAY)
        return done, {rider.line.child_id: rider.line.is_present for rider in found.riders}

    done, marks = call(out, {anna: True, luca: False})
    assert (done.confirmed, done.open, marks) == (0, 1, {anna: True, luca: None}), "nobody has said that Luca stays at home"
    done, marks = call(home, {anna: False, luca: True})
    assert (done.confirmed, done.late, marks) == (1, 0, {anna: True, luca: True})
