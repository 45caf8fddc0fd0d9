"""When the children of a nursery come in and go home, written on the school's page: every hour of a class on one sheet."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import DayEvent, Presence
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.readings import explained, proofs
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import hours
from campanella.usecases.leaving import NotThere
from tests.browsing import Browser, browser
from tests.tablets import Marks, paired
from tests.towns import TODAY, Cast, text_of
from tests.usecases.asking import confirm as confirm_day

DAY = "2026-10-14"


@pytest.fixture
def nursery(valle: Cast) -> Cast:
    Service.objects.filter(pk=valle.services["mensa"].pk).update(kind="nursery")
    return valle


@pytest.fixture
def teacher(nursery: Cast) -> Browser:
    return browser(nursery.town, nursery.staff[Role.SCHOOL])


def address(cast: Cast) -> str:
    return f"/appello/{cast.classes['2B'].pk}/mensa/"


def sent(cast: Cast, name: str, kind: str, hour: str, before: str = "") -> dict[str, str]:
    field = f"{kind}-{cast.child(name).pk}"
    return {"day": DAY, field: hour, f"{field}-before": before}


def writes(cast: Cast, who: Browser, *fields: dict[str, str]) -> str:
    form = {name: value for one in fields for name, value in one.items()}
    return text_of(who.post(f"{address(cast)}ore/", form, follow=True))


def on_record(cast: Cast, name: str) -> tuple[bool, time | None, time | None]:
    row = Presence.objects.get(child=cast.child(name), day=TODAY)
    return row.is_present, row.arrived, row.left


def confirm(teacher: Browser, cast: Cast) -> None:
    teacher.post(address(cast), {"day": DAY, "act": "confirm", "adults": "0", "adults_before": "0"})


def test_all_the_hours_of_a_class_are_written_at_once(nursery: Cast, teacher: Browser, at: Any) -> None:
    at("09:10")
    assert "Entrate e uscite" in teacher.read(address(nursery))
    said = writes(
        nursery,
        teacher,
        sent(nursery, "Anna", "arrived", "08:20"),
        sent(nursery, "Luca", "arrived", "8.35"),
        sent(nursery, "Luca", "left", "09:05"),
        sent(nursery, "Amina", "arrived", ""),
    )
    assert "Entrate e uscite salvate." in said
    assert "Anna R. c’è in bianco , arriva dopo , entra alle 8:20" in said
    assert "entra alle 8:35 , va via alle 9:05" in said
    assert on_record(nursery, "Anna") == (True, time(8, 20), None)
    assert on_record(nursery, "Luca") == (True, time(8, 35), time(9, 5))
    assert not Presence.objects.filter(child=nursery.child("Amina")).exists()
    confirm(teacher, nursery)
    said = teacher.read(address(nursery))
    assert "Anna R. c’è, entra alle 8:20" in said
    assert "La cucina ha ricevuto 3 pasti" in said
    assert nursery.balance("Anna") == -460
    (one,) = explained.explained(
        lines=[(nursery.child("Luca").pk, nursery.services["mensa"].pk)], day=TODAY, now=clock.now()
    )
    assert one.because.endswith("È arrivato alle 8:35. È andato via alle 9:05.")
    assert proofs.violations() == []


def test_after_the_confirmation_an_hour_changes_no_charge_and_can_be_taken_away(
    nursery: Cast, teacher: Browser, at: Any
) -> None:
    confirm(teacher, nursery)
    at("16:00")
    writes(nursery, teacher, sent(nursery, "Anna", "arrived", "08:30"), sent(nursery, "Anna", "left", "15:50"))
    assert on_record(nursery, "Anna") == (True, time(8, 30), time(15, 50))
    page = teacher.get(f"{address(nursery)}ore/").content.decode()
    assert 'value="08:30"' in page
    writes(nursery, teacher, sent(nursery, "Anna", "left", "", before="15:50"))
    assert on_record(nursery, "Anna") == (True, time(8, 30), None)
    assert nursery.balance("Anna") == -460
    assert proofs.violations() == []


def test_a_page_does_not_undo_the_hour_that_a_tablet_has_written_meanwhile(nursery: Cast, teacher: Browser, at: Any) -> None:
    at("08:30")
    marks = Marks(paired(nursery.town, school_id=nursery.school.pk), nursery.staff["school"].pk, nursery.classes["2B"].pk)
    marks.hand_in(marks.made("arrived", nursery.child("Anna").pk, "08:15"))
    at("09:00")
    writes(nursery, teacher, sent(nursery, "Anna", "arrived", ""), sent(nursery, "Luca", "arrived", "08:50"))
    assert on_record(nursery, "Anna")[1] == time(8, 15)
    assert on_record(nursery, "Luca")[1] == time(8, 50)


@pytest.mark.parametrize(
    ("arrived", "left", "why"),
    [
        ("09:00", "08:30", "L’uscita è prima dell’entrata"),
        ("11:40", "", "L’entrata è a un’ora che deve ancora venire"),
        ("presto", "", "Scrivi l’ora così: 8:20."),
        ("25:00", "", "Scrivi l’ora così: 8:20."),
        ("٨:00", "", "Scrivi l’ora così: 8:20."),
        ("9" * 40 + ":00", "", "Scrivi l’ora così: 8:20."),
        ("8.5", "", "Scrivi l’ora così: 8:20."),
    ],
)
def test_an_hour_that_cannot_be_is_said_beside_its_child_and_nothing_is_written(
    nursery: Cast, teacher: Browser, at: Any, arrived: str, left: str, why: str
) -> None:
    at("09:10")
    said = writes(
        nursery,
        teacher,
        sent(nursery, "Luca", "arrived", "08:40"),
        sent(nursery, "Anna", "arrived", arrived),
        sent(nursery, "Anna", "left", left),
    )
    assert f"Uscita di Anna R. {why}" in said
    assert "Non è stato salvato nulla" in said
    assert DayEvent.objects.count() == 0


def test_two_who_write_the_same_hour_are_told_of_each_other(nursery: Cast, teacher: Browser, at: Any) -> None:
    """Both pages were drawn without hours: the second says what the first has written, and a second press is meant."""
    at("09:10")
    office = browser(nursery.town, nursery.staff[Role.OFFICE])
    writes(nursery, teacher, sent(nursery, "Anna", "arrived", "08:15"))
    theirs = sent(nursery, "Anna", "arrived", "08:40"), sent(nursery, "Luca", "arrived", "08:50")
    said = writes(nursery, office, *theirs)
    assert "Intanto un collega ha scritto un’altra ora" in said
    assert "adesso 8:15" in said
    assert on_record(nursery, "Anna")[1] == time(8, 15)
    assert not Presence.objects.filter(child=nursery.child("Luca")).exists()
    writes(nursery, office, sent(nursery, "Anna", "arrived", "08:40", before="08:15"), theirs[1])
    assert (on_record(nursery, "Anna")[1], on_record(nursery, "Luca")[1]) == (time(8, 40), time(8, 50))
    # The same hour from two hands is no quarrel.
    assert "Entrate e uscite salvate." in writes(nursery, teacher, sent(nursery, "Anna", "arrived", "08:40"))


def test_who_is_absent_has_no_hours(nursery: Cast, teacher: Browser) -> None:
    drawn = class_sheet_of(
        user=nursery.staff[Role.SCHOOL], class_group_id=nursery.classes["2B"].pk, service_code="mensa", day=TODAY
    )
    teacher.post(address(nursery) + "segno/", {"day": DAY, "child": nursery.child("Anna").pk, "eats": 0})
    assert "Anna R. assente" in teacher.read(f"{address(nursery)}ore/")
    said = writes(nursery, teacher, sent(nursery, "Luca", "arrived", "08:20"), sent(nursery, "Anna", "arrived", "08:20"))
    assert "Anna R. assente Adesso risulta assente: se c’era, segna prima che è presente e poi scrivi l’ora" in said
    with pytest.raises(NotThere):
        hours.write(
            by=nursery.staff[Role.SCHOOL],
            sheet=drawn,
            changes={(nursery.child("Anna").pk, "arrived"): time(8, 30)},
            shown={},
            now=clock.now(),
        )


def test_the_office_writes_the_hours_of_a_past_day_and_the_school_does_not(nursery: Cast, at: Any) -> None:
    yesterday = date.fromisoformat(DAY) - timedelta(days=1)
    confirm_day(nursery, yesterday)
    office, school = (browser(nursery.town, nursery.staff[role]) for role in (Role.OFFICE, Role.SCHOOL))
    fields = {**sent(nursery, "Anna", "arrived", "08:20"), "day": f"{yesterday}"}
    assert "La pagina era di un altro giorno" in text_of(school.post(f"{address(nursery)}ore/", fields, follow=True))
    assert Presence.objects.get(child=nursery.child("Anna"), day=yesterday).arrived is None
    assert "salvate" in text_of(office.post(f"{address(nursery)}ore/?giorno={yesterday}", fields, follow=True))
    assert Presence.objects.get(child=nursery.child("Anna"), day=yesterday).arrived == time(8, 20)


def test_a_meal_has_no_such_page(valle: Cast) -> None:
    teacher = browser(valle.town, valle.staff[Role.SCHOOL])
    assert "Entrate e uscite" not in teacher.read(address(valle))
    assert teacher.get(f"{address(valle)}ore/").headers["Location"] == address(valle)
