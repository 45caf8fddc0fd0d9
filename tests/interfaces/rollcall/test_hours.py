"""Until when a class is called: by the rule of its school and service, on every page, on paper and on the tablet."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from tests.browsing import Browser, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.tablets import paired
from tests.towns import TODAY, Cast, open_class
from tests.usecases.asking import goes


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff[Role.SCHOOL])


def address(cast: Cast, service: str = "mensa") -> str:
    return f"/appello/{cast.classes['2B'].pk}/{service}/"


def test_the_school_reads_the_hour_of_its_rule(valle: Cast, teacher: Browser, at: Any) -> None:
    goes(valle, "roll_call", cut_off=time(9, 15))
    assert "Si chiude alle 9:15, ancora 28 minuti" in teacher.read("/appello/")
    assert "Si chiude alle 9:15, ancora 28 minuti" in teacher.read(address(valle))
    # The bus goes by the town's hour.
    assert "Si chiude alle 9:30" in teacher.read(address(valle, "scuolabus"))
    at("09:20")
    assert "L’appello si chiudeva alle 9:15" in teacher.read("/appello/")
    assert "L’appello si chiudeva alle 9:15" in teacher.read(address(valle))
    teacher.post(address(valle), {"day": "2026-10-14", "act": "confirm", "adults": "0", "adults_before": "0"})
    assert "Appello confermato alle 9:20, dopo la chiusura delle 9:15" in teacher.read(address(valle))


def test_a_cut_off_that_was_moved_moves_the_roll_call_too(valle: Cast, teacher: Browser) -> None:
    goes(valle, "roll_call", cut_off=time(9, 15))
    CutOffShift.objects.create(
        day=TODAY,
        service=valle.services["mensa"],
        school=valle.school,
        until=clock.rome(TODAY, time(10)),
        reason="x",
        at=clock.now(),
    )
    assert "Si chiude alle 10:00" in teacher.read("/appello/")
    assert "Si chiude alle 10:00" in teacher.read(address(valle))
    day = paired(valle.town, school_id=valle.school.pk).days()["days"][0]
    assert hours(day)["mensa"] == "10:00"


def test_each_school_has_its_own_hour(valle: Cast, teacher: Browser) -> None:
    goes(valle, "roll_call", cut_off=time(9, 15))
    other = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    group = open_class(school=other, year=valle.classes["2B"].year, name="Gialli")
    services.run(service=valle.services["mensa"], school=other, first=date(2026, 9, 15), end=date(2027, 6, 9))
    schools.move(child_id=valle.child("Luca").pk, class_group=group, first=TODAY)
    words = teacher.read("/appello/")
    assert "Si chiude alle 9:15, ancora 28 minuti" in words
    assert "Infanzia Arcobaleno L’appello si chiude alle 9:30" in words
    assert "Primaria Rodari L’appello si chiude alle 9:15" in words


def test_a_class_whose_families_ask_the_day_before_is_called_on_its_day(valle: Cast, teacher: Browser) -> None:
    goes(valle, "opt_in", cut_off=time(9), cut_off_days_before=1)
    assert "Si chiude alle 9:00, ancora 13 minuti" in teacher.read(address(valle))


def test_the_tablet_has_the_hour_of_each_class_and_day(valle: Cast) -> None:
    calls(valle, "mensa", time(9, 15), first=date(2026, 10, 15), marks_until=time(10, 30))
    today, tomorrow = paired(valle.town, school_id=valle.school.pk).days()["days"][:2]
    assert hours(today) == {"mensa": "9:30", "scuolabus": "9:30"}
    assert hours(tomorrow) == {"mensa": "9:15", "scuolabus": "9:30"}
    lunch = next(one for one in tomorrow["classes"] if one["service"]["code"] == "mensa")
    assert lunch["marks_until"].startswith("2026-10-15T10:30:00")


def test_the_printed_sheet_says_the_hour(valle: Cast, teacher: Browser) -> None:
    goes(valle, "roll_call", cut_off=time(9, 15))
    assert "si chiude alle 9:15" in words_of(teacher.get(address(valle) + "foglio.pdf").content)
    office = browser(valle.town, valle.staff[Role.OFFICE])
    assert "si chiude alle 9:15" in words_of(office.get(f"/ufficio/elenchi/classi/{valle.classes['2B'].pk}.pdf").content)


def test_the_office_reads_it_too(valle: Cast, at: Any) -> None:
    calls(valle, "mensa", time(9, 50))
    calls(valle, "scuolabus", time(9, 50))
    office = browser(valle.town, valle.staff[Role.OFFICE])
    at("09:35")
    assert "si chiude: ancora 1" in office.read("/ufficio/")
    at("09:52")
    assert "2B, Primaria Rodari 3 iscritti, entro le 9:50" in office.read("/ufficio/da-fare/")


def calls(cast: Cast, service: str, until: time, first: date = date(2026, 9, 1), **more: Any) -> None:
    """Let a service be called until an hour of its own from a day on."""
    days = DateRange(first, None)
    DayRule.objects.create(
        service=cast.services[service], school=cast.school, days=days, mode="roll_call", cut_off=until, **more
    )


def hours(day: dict[str, Any]) -> dict[str, str]:
    found = {one["service"]["code"]: datetime.fromisoformat(one["closes_at"]) for one in day["classes"]}
    return {code: f"{at.astimezone(clock.ROME):%-H:%M}" for code, at in found.items()}
