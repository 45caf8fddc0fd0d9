"""Menus: the office writes them, families read today's."""

from datetime import date

import pytest

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking.rules import read_dishes
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, Family


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def season(valle: Cast, **more: str) -> dict[str, str]:
    return {
        "service": str(valle.services["mensa"].pk),
        "name": "Invernale",
        "first": "2026-10-05",
        "last": "2027-03-26",
        "weeks": "4",
        **more,
    }


def test_the_office_writes_a_season_and_a_week(valle: Cast, office: Browser) -> None:
    added = office.post("/ufficio/menu/", season(valle))
    assert added.status_code == 302
    assert added.headers["Location"].endswith("/1/")
    week = {f"giorno-{day}": "" for day in range(5)} | {"giorno-2": "Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)"}
    refused = office.post(added.headers["Location"], week | {"giorno-0": "Pasta (40)"})
    assert "Riga 1: 40 non è un allergene" in refused.content.decode()
    second = added.headers["Location"].removesuffix("1/") + "2/"
    assert office.post(second, week).status_code == 302
    words = office.read("/ufficio/menu/")
    assert "Settimana 1 da scrivere Settimana 2 Settimana 3 da scrivere" in words
    assert "dal 5 ottobre 2026 al 26 marzo 2027" in words
    assert "ha scritto la settimana 2 del menù Invernale" in words
    assert "D1: Pasta di riso (9)" in office.get(second).content.decode()
    assert office.get(second.replace("/2/", "/5/")).status_code == 404


def test_two_menus_never_hold_on_one_day(valle: Cast, office: Browser) -> None:
    office.post("/ufficio/menu/", season(valle))
    again = office.post("/ufficio/menu/", season(valle, first="2027-03-26", last="2027-06-10"))
    assert "In quei giorni il servizio ha già un menù" in again.content.decode()
    assert office.post("/ufficio/menu/", season(valle, first="2027-03-27", last="2027-06-10")).status_code == 302
    backwards = office.post("/ufficio/menu/", season(valle, first="2028-03-27", last="2028-03-01"))
    assert "L’ultimo giorno viene prima del primo" in backwards.content.decode()


def test_a_family_reads_todays_menu_with_its_allergens(valle: Cast, rossi: Family) -> None:
    parent = browser(valle.town, rossi.user)
    assert "Oggi si mangia" not in parent.read("/")
    menu = cooking.add_menu(
        by=OFFICE,
        service=valle.services["mensa"],
        name="Invernale",
        first=TODAY,
        end=date(2027, 3, 1),
        weeks=1,
        now=clock.now(),
    )
    day = read_dishes("Pasta al pomodoro (1, 9)\nMela")
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[[], [], day, [], []], now=clock.now())
    # Both children eat it: it stands there once, and costs one question.
    with at_most(6):
        words = parent.read("/")
    assert words.count("Oggi si mangia: Pasta al pomodoro, Mela") == 1
    assert "Contiene: cereali con glutine, sedano" in words
    assert "Mela Nessuno dei 14 allergeni" in words
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    assert "Oggi si mangia" not in parent.read("/")
