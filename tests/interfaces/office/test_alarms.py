"""What the town is told of a morning: classes that have not confirmed, and children of whom family and school disagree."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.attendance.rules import Mark
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office import confirming as reading
from campanella.readings.office import day as office_day
from campanella.readings.office.disagreements import disagreements
from campanella.usecases import class_sheet, closing, confirming, mealtime, reminders, wishes
from campanella.usecases.wishes import Arrival
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, run_jobs, text_of
from tests.usecases.asking import goes

WAITING = "/ufficio/da-fare/"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def school_has_mail(valle: Cast) -> str:
    user = valle.staff["school"]
    user.email = "rodari@scuola.example"
    user.save()
    return user.email


def letters() -> list[str]:
    run_jobs()
    return list(Message.objects.filter(template="classes_missing").order_by("id").values_list("address", flat=True))


def goes_by(valle: Cast, mode: str) -> None:
    days, meal = DateRange(date(2026, 9, 1), None), valle.services["mensa"]
    DayRule.objects.create(service=meal, school=valle.school, days=days, mode=mode, cut_off=time(9, 30))


def ask(valle: Cast, name: str, action: Any) -> None:
    wishes.ask(
        by=valle.families["rossi"].user,
        lines=[(valle.child(name).pk, valle.services["mensa"].pk)],
        days=[TODAY],
        action=action,
        key=uuid4(),
        arrival=Arrival(clock.rome(TODAY, time(7, 30))),
        now=clock.now(),
    )


def tap(valle: Cast, name: str, is_present: bool) -> None:
    class_sheet.tap(
        by=valle.staff["school"],
        class_group_id=valle.classes["2B"].pk,
        service_code="mensa",
        day=TODAY,
        child_id=valle.child(name).pk,
        mark=Mark(is_present=is_present),
        now=clock.now(),
    )


def test_the_school_is_reminded_by_itself_and_then_the_office_each_once(valle: Cast, school_has_mail: str, at: Any) -> None:
    at("2026-10-14 09:31")
    assert not reminders.is_time(clock.now())
    at("2026-10-14 09:34")
    assert reminders.is_time(clock.now())
    reminders.look(now=clock.now())
    reminders.look(now=clock.now())
    assert letters() == [school_has_mail]
    at("2026-10-14 09:50")
    assert not reminders.is_time(clock.now())
    at("2026-10-14 10:01")
    reminders.look(now=clock.now())
    reminders.look(now=clock.now())
    assert letters() == [school_has_mail, "scuola@valle.example"]
    (told, _) = Message.objects.filter(template="classes_missing").order_by("id")
    words = " ".join(told.text.split())
    assert "2B, Primaria Rodari: Refezione, 3 iscritti" in words
    assert "2B, Primaria Rodari: Scuolabus, 1 iscritto" in words


def test_a_school_that_has_confirmed_is_left_alone(valle: Cast, school_has_mail: str, at: Any) -> None:
    for service in ("mensa", "scuolabus"):
        call = valle.roll_call(service=service)
        mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())
    at("2026-10-14 09:34")
    assert reminders.look(now=clock.now()) == 0
    assert letters() == []


def test_the_office_reminds_by_hand(valle: Cast, office: Browser, school_has_mail: str, at: Any) -> None:
    at("2026-10-14 09:40")
    assert "Sollecita le scuole" in office.read(WAITING)
    sent = {"service": str(valle.services["mensa"].pk)}
    words = text_of(office.post(f"{WAITING}sollecita/", sent, follow=True))
    assert "Sollecito mandato a una persona delle scuole." in words
    assert letters() == [school_has_mail]
    office.post(f"{WAITING}sollecita/", sent)
    assert letters() == [school_has_mail], "the same minute writes once"


def test_nobody_to_remind_is_said(valle: Cast, office: Browser, at: Any) -> None:
    at("2026-10-14 09:40")
    sent = {"service": str(valle.services["mensa"].pk)}
    assert "Nessuno da sollecitare" in text_of(office.post(f"{WAITING}sollecita/", sent, follow=True))


def test_who_cancelled_and_is_marked_present_is_shown_to_school_and_office(valle: Cast, office: Browser) -> None:
    days = DateRange(date(2026, 9, 1), None)
    DayRule.objects.create(
        service=valle.services["mensa"], school=valle.school, days=days, mode="opt_out", cut_off=time(9, 30)
    )
    ask(valle, "Anna", "cancel")
    assert disagreements(day=TODAY) == []
    tap(valle, "Anna", True)
    (one,) = disagreements(day=TODAY)
    assert (one.child_name, one.is_present, one.is_booked) == ("Anna Rossi", True, False)
    words = office.read(WAITING)
    assert "Scuola e famiglia non dicono la stessa cosa Anna Rossi , 2B, Primaria Rodari: Refezione" in words
    assert "La famiglia ha disdetto" in words
    assert "1 bambino: scuola e famiglia non dicono la stessa cosa" in office.read("/ufficio/")
    sheet = browser(valle.town, valle.staff["school"]).read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    assert "Anna R.: disdetto dalla famiglia, a scuola risulta presente" in sheet
    tap(valle, "Anna", False)
    assert disagreements(day=TODAY) == []
    assert "non dicono la stessa cosa" not in office.read("/ufficio/")


def test_who_booked_and_is_marked_absent_too_until_the_office_has_spoken(valle: Cast, office: Browser) -> None:
    days = DateRange(date(2026, 9, 1), None)
    DayRule.objects.create(
        service=valle.services["mensa"], school=valle.school, days=days, mode="opt_in", cut_off=time(9, 30)
    )
    ask(valle, "Luca", "book")
    call = valle.roll_call()
    luca = valle.child("Luca").pk
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[luca], adults=0, now=clock.now())
    (one,) = disagreements(day=TODAY)
    assert (one.is_present, one.is_booked, one.is_due) == (False, True, True)
    closed = {"first": TODAY, "last": TODAY, "reason": "Sciopero", "school": valle.school}
    closure = closing.enter(by=OFFICE, now=clock.now(), **closed)
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=clock.now())
    assert disagreements(day=TODAY) == []
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=clock.now())
    assert len(disagreements(day=TODAY)) == 1, "withdrawn, the day stands as it was"
    mealtime.correct(
        by=OFFICE,
        child_id=luca,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=False,
        reason="era malato",
        now=clock.now(),
    )
    assert disagreements(day=TODAY) == []
    with at_most(1):
        disagreements(day=TODAY)


def test_where_meals_are_booked_nobody_is_reminded_before_the_sheet_is_frozen(valle: Cast, office: Browser, at: Any) -> None:
    """The minute between the cut-off and the worker's freeze is nobody's fault."""
    goes_by(valle, "opt_out")
    now = at("09:34")
    missing = office_day.missing(classes=office_day.classes_on(day=TODAY), now=now)
    assert {line.service.code for line in missing} == {"scuolabus"}
    assert "Refezione Sollecita" not in office.read(WAITING)


def test_a_rules_own_hour_holds_for_the_office_and_the_reminders(valle: Cast, at: Any) -> None:
    goes(valle, "roll_call", cut_off=time(10, 0))
    now = at("09:34")
    # The bus goes by the town's hour, half past nine.
    classes = office_day.classes_on(day=TODAY)
    assert {line.service.code for line in office_day.missing(classes=classes, now=now)} == {"scuolabus"}
    about: dict[str, Any] = {"class_group_ids": None, "service_id": valle.services["mensa"].pk}
    with pytest.raises(confirming.TooEarly):
        confirming.confirm_for(by=OFFICE, **about, told=Euro(0), now=now)
    assert reminders.is_time(now)
    now = at("10:04")
    assert reminders.is_time(now)
    assert {line.service.code for line in office_day.missing(classes=classes, now=now)} == {"mensa", "scuolabus"}
    found = reading.charge(**about, now=now)
    assert found
    assert confirming.confirm_for(by=OFFICE, **about, told=found.amount, now=now) == 3


def test_whose_hour_was_moved_is_reminded_after_it(valle: Cast, school_has_mail: str, at: Any) -> None:
    """An outage moved it to ten past ten: nobody is reminded before, and the school is then."""
    CutOffShift.objects.create(day=TODAY, until=clock.rome(TODAY, time(10, 10)), reason="guasto", at=at("09:20"))
    assert reminders.look(now=at("09:33")) == 0
    now = at("10:13")
    assert reminders.is_time(now)
    assert reminders.look(now=now) == 1
    assert letters() == [school_has_mail]
