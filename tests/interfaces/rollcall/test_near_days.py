"""Past days and the next ones are one tap away from the page of a class and from the list; the school looks at them only."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, browser
from tests.interfaces.rollcall.test_sheet import address
from tests.towns import OFFICE, TODAY, Cast, text_of
from tests.usecases.asking import ask, goes

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff[Role.SCHOOL])


def days(one: Browser, place: str, **query: str) -> list[str]:
    """Return the days that a page leads to, the one that it shows in brackets."""
    page = one.get(place, query).content.decode()
    nav = page.partition('aria-label="Giorno"')[2].partition("</nav>")[0]
    return [
        f"[{name}]" if is_shown else name
        for is_shown, name in re.findall(r'<a [^>]*?( aria-current="true")?>([^<]+)</a>', nav)
    ]


def test_a_class_leads_to_the_last_school_days_and_the_next(valle: Cast, teacher: Browser) -> None:
    """Wednesday: Friday, Monday and Tuesday are over; no Saturday, on which nothing runs."""
    near = ["ven 09/10", "lun 12/10", "mar 13/10", "[Oggi]", "gio 15/10", "ven 16/10", "lun 19/10"]
    assert days(teacher, address(valle)) == near
    assert days(teacher, "/appello/") == near
    tomorrow = days(teacher, address(valle), giorno=f"{TOMORROW}")
    assert tomorrow == ["ven 09/10", "lun 12/10", "mar 13/10", "Oggi", "[gio 15/10]", "ven 16/10", "lun 19/10"]
    ServiceCalendar.objects.filter(service=valle.services["mensa"]).update(weekdays=0b0100100)
    assert days(teacher, address(valle)) == [
        "sab 03/10",
        "mer 07/10",
        "sab 10/10",
        "[Oggi]",
        "sab 17/10",
        "mer 21/10",
        "sab 24/10",
    ]


def test_tomorrow_is_looked_at_and_printed_never_written(valle: Cast, teacher: Browser) -> None:
    goes(valle)
    ask(valle, "08:10", "Luca", days=[TOMORROW])
    for one in (teacher, browser(valle.town, valle.staff[Role.OFFICE])):
        page = one.get(address(valle), {"giorno": f"{TOMORROW}"})
        words = text_of(page)
        assert "giovedì 15 ottobre" in words
        assert "L’appello si fa quel giorno" in words
        assert "Luca R. disdetto dalla famiglia" in words
        assert "2 mangiano 1 no" in words
        assert "Conferma" not in words
        assert f"/foglio.pdf?giorno={TOMORROW}" in page.content.decode()
        assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    listed = teacher.read("/appello/", giorno=f"{TOMORROW}")
    assert "Le classi giovedì 15 ottobre" in listed
    assert "2B non ancora 2 mangiano, 1 no" in listed
    assert f"{address(valle)}?giorno={TOMORROW}" in teacher.get("/appello/", {"giorno": f"{TOMORROW}"}).content.decode()


def test_a_past_day_says_whether_it_was_confirmed_and_who_puts_it_right(valle: Cast, teacher: Browser) -> None:
    past = {"giorno": f"{YESTERDAY}"}
    assert "non confermato Qui si guarda soltanto. Lo conferma l’ufficio" in teacher.read(address(valle), **past)
    assert "2B non confermato" in teacher.read("/appello/", **past)
    call = valle.roll_call(day=YESTERDAY)
    luca = [valle.child("Luca").pk]
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=luca, adults=1, now=clock.now())
    words = teacher.read(address(valle), **past)
    assert "confermato Qui si guarda soltanto. Se qualcosa è sbagliato chiama l’ufficio" in words
    assert "Luca R. assente" in words
    assert "2 mangiano 1 no 1 adulto Torna alle classi" in words
    assert "Correggi" not in words
    assert "Correggi" in browser(valle.town, valle.staff[Role.OFFICE]).read(address(valle), **past)


@pytest.mark.parametrize("asked", ["2026-09-01", "2027-03-01", "ieri", "2026-13-40", ""])
def test_a_day_that_is_far_or_none_is_today(valle: Cast, teacher: Browser, asked: str) -> None:
    assert "mercoledì 14 ottobre" in teacher.read(address(valle), giorno=asked)
    assert "Le classi di oggi mercoledì 14 ottobre" in teacher.read("/appello/", giorno=asked)


def test_a_closed_day_and_one_without_service_lead_on(valle: Cast, teacher: Browser, at: Any) -> None:
    where = {"first": TOMORROW, "last": TOMORROW, "class_group": valle.classes["2B"]}
    schools.close(by=OFFICE, reason="Gita", now=clock.now(), **where)
    assert "Quel giorno questa classe è chiusa Gita" in teacher.read(address(valle), giorno=f"{TOMORROW}")
    assert "[gio 15/10]" in days(teacher, address(valle), giorno=f"{TOMORROW}")
    sunday = f"{date(2026, 10, 18)}"
    assert "Quel giorno questo servizio non c’è" in teacher.read(address(valle), giorno=sunday)
    assert "Oggi" in days(teacher, address(valle), giorno=sunday)
    assert "Quel giorno non c’è servizio" in teacher.read("/appello/", giorno=sunday)
    at("2026-10-18 10:00")
    assert "lun 19/10" in days(teacher, "/appello/")
