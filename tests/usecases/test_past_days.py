"""A day that is over is explained by what held on it, whatever the town, or its rule, says since."""

from datetime import date, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import ruling, terms
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.ruled import Terms
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.readings.explained import explained
from campanella.usecases import cut_off, town_choices
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import OFFICE, TODAY, Cast
from tests.usecases.asking import ask, rome

TOMORROW = date(2026, 10, 15)


def usual(valle: Cast, **more: Any) -> None:
    """Let the meal be cancelled by families until the town's usual hour."""
    place = {"service": valle.services["mensa"], "school": valle.school}
    DayRule.objects.create(**place, days=DateRange(date(2026, 9, 1), None), mode="opt_out", made_at=rome("08:00"), **more)


def choose(valle: Cast, hour: time) -> None:
    town_choices.change(by=valle.staff["office"], changes={"roll_call_closes_at": hour})
    tenants.forget()


def why(valle: Cast, name: str = "Anna", day: date = TODAY) -> str:
    (one,) = explained(lines=[(valle.child(name).pk, valle.services["mensa"].pk)], day=day, now=clock.now())
    return one.because


def closes(valle: Cast, day: date) -> str:
    of = terms.on(day=day).of(service_id=valle.services["mensa"].pk, school_id=valle.school.pk)
    return f"{of.cut_off.astimezone(clock.ROME):%d/%m %H:%M}"


def test_another_usual_hour_leaves_the_days_until_today_as_they_were(valle: Cast, at: Any) -> None:
    usual(valle)
    cut_off.confirm_booked(by=OFFICE, service=valle.services["mensa"], day=TODAY, now=at("09:31"))
    before = why(valle)
    assert "non disdetto entro le 9:30" in before
    at("15:00")
    choose(valle, time(8, 45))
    assert why(valle) == before
    assert (closes(valle, TODAY), closes(valle, TOMORROW)) == ("14/10 09:30", "15/10 08:45")
    page = words(phone(valle.families["rossi"].user).get(f"/presenze/{valle.child('Anna').pk}/{TODAY}/"))
    assert "non disdetto entro le 9:30" in page
    at("2026-10-16 08:00")
    choose(valle, time(10, 0))
    at("2026-10-20 08:00")
    assert why(valle) == before
    assert (closes(valle, TODAY), closes(valle, TOMORROW)) == ("14/10 09:30", "15/10 08:45")


def test_it_does_not_close_the_day_it_is_changed_on_earlier_or_later(valle: Cast, at: Any) -> None:
    usual(valle)
    at("09:00")
    choose(valle, time(8, 0))
    choose(valle, time(11, 0))
    assert (closes(valle, TODAY), closes(valle, TOMORROW)) == ("14/10 09:30", "15/10 11:00")
    assert ask(valle, "09:29:59").is_accepted
    assert ask(valle, "09:30:01", "Luca").days[0].answer == "late"


def test_a_day_that_closes_on_the_day_before_goes_by_the_hour_of_that_day(valle: Cast, at: Any) -> None:
    """Tomorrow's numbers closed today at half past nine: they are not opened again by an hour that holds from tomorrow."""
    usual(valle, cut_off_days_before=1)
    at("10:00")
    choose(valle, time(11, 0))
    assert closes(valle, TOMORROW) == "14/10 09:30"
    assert ask(valle, "10:01", days=[TOMORROW]).days[0].answer == "late"
    assert closes(valle, date(2026, 10, 16)) == "15/10 11:00"


def test_another_mode_or_hour_of_the_rule_leaves_the_past_as_it_was(valle: Cast, at: Any) -> None:
    usual(valle)
    cut_off.confirm_booked(by=OFFICE, service=valle.services["mensa"], day=TODAY, now=at("09:31"))
    before = why(valle)
    place = {"service_id": valle.services["mensa"].pk, "school_id": valle.school.pk}
    other = Terms("roll_call", time(10, 30), 0, None, None)
    ruling.change(by=OFFICE, **place, first=TOMORROW, terms=other, words="prova", now=clock.now())
    at("2026-10-15 11:00")
    assert why(valle) == before


def test_the_page_of_the_settings_says_from_when_it_holds(valle: Cast) -> None:
    page = browser(valle.town, valle.staff["office"]).read("/ufficio/impostazioni/")
    assert "Se la cambi vale da domani: oggi e i giorni passati restano come erano." in page
