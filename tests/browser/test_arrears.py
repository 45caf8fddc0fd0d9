"""Reminders, instalments and stops as a clerk meets them at the desk, and a parent on a phone."""

import os
from pathlib import Path
from typing import Any

from tests.browser.examine import examine
from tests.browser.persons import Person


def test_a_clerk_goes_from_the_run_to_a_household_and_its_plan(somebody: Any) -> None:
    person: Person = somebody(size="desktop", town="borgo").sign_in("office")
    ids = person.place.people["borgo_arrears"]
    for name, path in {
        "reminders": "",
        "reminder-run": f"invii/{ids['run']}/",
        "reminder": f"{ids['reminder']}/",
        "ladder": "passi/",
        "reminder-stops": "fermi/",
        "plans": "rate/",
        "plan": f"rate/{ids['plan']}/",
        "collector": "riscossione/",
    }.items():
        person.open(f"/ufficio/solleciti/{path}")
        _look(person, f"office-{name}")
    person.open(f"/ufficio/adulti/{ids['rossi']}/solleciti/")
    person.reads("Solleciti fermi")
    _look(person, "office-household")
    person.open(f"/ufficio/adulti/{ids['rossi']}/rate/")
    _look(person, "office-agree")


def test_the_letter_is_read_before_it_leaves(somebody: Any) -> None:
    person: Person = somebody(size="desktop").sign_in("office")
    person.open("/ufficio/solleciti/")
    person.page.get_by_role("button", name="anteprima").click()
    _look(person, "office-preview")
    person.link("Leggi la prima lettera").click()
    person.reads("La lettera, prima che parta")
    _look(person, "office-letter")
    person.page.go_back()
    person.button("Lascia perdere").click()


def test_why_a_household_is_stopped_is_opened_by_a_press(somebody: Any) -> None:
    person: Person = somebody(size="desktop", town="borgo").sign_in("office")
    person.open("/ufficio/solleciti/fermi/")
    person.page.get_by_role("button", name="Apri il motivo").first.click()
    person.reads("In carico ai servizi")
    _look(person, "office-reason")


def test_the_office_looks_on_a_phone(somebody: Any) -> None:
    person: Person = somebody(town="borgo").sign_in("office")
    ids = person.place.people["borgo_arrears"]
    for name, path in {"run": f"invii/{ids['run']}/", "plan": f"rate/{ids['plan']}/", "stops": "fermi/"}.items():
        person.open(f"/ufficio/solleciti/{path}")
        _look(person, f"phone-office-{name}")


def test_a_parent_finds_the_reminder_and_another_the_dues(somebody: Any) -> None:
    person: Person = somebody(town="borgo").sign_in("rossi")
    ids = person.place.people["borgo_arrears"]
    person.open("/pagamenti/")
    person.reads("Promemoria dell’ufficio")
    _look(person, "phone-payments")
    person.open("/pagamenti/solleciti/")
    _look(person, "phone-reminders")
    person.open(f"/pagamenti/solleciti/{ids['reminder']}/")
    person.reads("Ancora da pagare")
    _look(person, "phone-reminder")
    other: Person = somebody(town="borgo").sign_in("haddad")
    other.open(f"/pagamenti/rate/{ids['plan']}/")
    other.reads("Rata 1 di 3")
    _look(other, "phone-plan")


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert examine(person.page, name=name) == []
