"""When a service runs: told first, told to families, and next year's season beside this one's."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.messaging.models import Message
from campanella.domains.schools.models import School
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases.setting_up import services as setting_up
from campanella.usecases.setting_up.services import SchoolEnds
from tests.browsing import Browser, browser
from tests.interfaces.office.test_day_rules import place
from tests.towns import OFFICE, Cast, run_jobs, text_of

SEASON = {"form": "season", "season-first": "2026-11-02", "season-last": "2027-05-28", "season-weekdays": ["0", "2", "4"]}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def letters() -> list[Message]:
    run_jobs()
    return list(Message.objects.filter(template="calendar_changed").order_by("pk"))


def confirm(office: Browser, valle: Cast, **sent: Any) -> str:
    return text_of(office.post(place(valle), {**SEASON, **sent, "act": "confirm"}, follow=True))


def season(valle: Cast, first: date, end: date) -> ServiceCalendar:
    where = {"service": valle.services["mensa"], "school": valle.school}
    return ServiceCalendar.objects.create(**where, days=DateRange(first, end), weekdays=31)


def test_a_season_is_told_first_and_then_to_each_family_once(valle: Cast, office: Browser) -> None:
    told = text_of(office.post(place(valle), SEASON))
    assert "Dal 2 novembre 2026 al 28 maggio 2027 il servizio c’è: lun, mer, ven." in told
    assert "Riguarda 3 bambini. 2 famiglie ricevono una lettera" in told
    assert ServiceCalendar.objects.filter(weekdays=0b10101).count() == 0
    assert letters() == []
    assert "Dal 2 novembre 2026 al 28 maggio 2027 il servizio c’è" in confirm(office, valle)
    assert [letter.address for letter in letters()] == ["rossi@posta.example", "haddad@posta.example"]
    assert "il servizio c’è: lun, mer, ven." in letters()[0].text
    # The same again changes nothing.
    confirm(office, valle)
    assert len(letters()) == 2


def test_the_days_of_a_class_are_told_to_its_families_alone(valle: Cast, office: Browser) -> None:
    sent = {"form": "class", "class-first": "2026-11-02", "class-weekdays": ["0", "2"], "act": "confirm"}
    office.post(place(valle), {**sent, "class-class_group": str(valle.classes["3A"].pk)})
    assert letters() == []
    office.post(place(valle), {**sent, "class-class_group": str(valle.classes["2B"].pk)})
    assert len(letters()) == 2
    assert "la classe 2B usa il servizio in questi giorni: lun, mer." in letters()[0].text


def test_next_years_season_stays_and_what_goes_is_named(valle: Cast, office: Browser) -> None:
    """A season that falls into the new one goes, one that reaches over its end is cut, next year's stays."""
    mine = ServiceCalendar.objects.filter(service=valle.services["mensa"])
    mine.update(days=DateRange(date(2026, 9, 15), date(2027, 1, 10)))
    season(valle, date(2027, 1, 10), date(2027, 3, 1))
    season(valle, date(2027, 5, 1), date(2027, 6, 11))
    season(valle, date(2027, 9, 13), date(2028, 6, 10))
    told = text_of(office.post(place(valle), SEASON))
    assert "Toglie quello che era previsto dal 10 gennaio 2027. Toglie quello che era previsto dal 1 maggio 2027." in told
    confirm(office, valle)
    assert list(mine.order_by("days").values_list("days", flat=True)) == [
        DateRange(date(2026, 9, 15), date(2026, 11, 2)),
        DateRange(date(2026, 11, 2), date(2027, 5, 29)),
        DateRange(date(2027, 5, 29), date(2027, 6, 11)),
        DateRange(date(2027, 9, 13), date(2028, 6, 10)),
    ]


def test_no_season_goes_on_after_its_school_has_closed(valle: Cast, office: Browser) -> None:
    School.objects.update(closed_from=date(2027, 2, 1))
    said = text_of(office.post(place(valle), SEASON))
    assert "Primaria Rodari chiude: il suo ultimo giorno è il 31 gennaio 2027. Scegli quello, o uno prima" in said
    assert "chiude" in confirm(office, valle)
    where = {"service_id": valle.services["mensa"].pk, "school_id": valle.school.pk, "now": clock.now()}
    with pytest.raises(SchoolEnds):
        setting_up.set_season(by=OFFICE, first=date(2026, 11, 2), last=date(2027, 2, 1), weekdays=31, **where)
    assert ServiceCalendar.objects.filter(weekdays=0b10101).count() == 0
    confirm(office, valle, **{"season-last": "2027-01-31"})
    assert ServiceCalendar.objects.get(weekdays=0b10101).days.upper == date(2027, 2, 1)
