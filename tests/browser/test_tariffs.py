"""A canteen tariff is raised from January: a clerk sees whom it concerns and confirms, a family reads what it will pay."""

import os
from pathlib import Path
from typing import Any

from tests.browser.examine import examine
from tests.browser.persons import Person

TOWN = "borgo"
# It would take the place of a tariff that is not there.
FILE = """
tariffs:
  - code: mensa-gennaio
    name: Mensa da gennaio
    service: mensa
    from: 2027-02-01
    to: 2027-08-31
    reckoned: no
    replaces: mensa-99
    prices:
      - {name: Intera, price: 5.10}
"""


def test_a_canteen_tariff_is_raised_from_january(somebody: Any) -> None:
    clerk: Person = somebody(town=TOWN, size="desktop").sign_in("office")
    clerk.open("/ufficio/tariffe/")
    clerk.reads("Refezione", "vale adesso", "3 bambini")
    _look(clerk, "tariffs, listed")
    clerk.link("Mensa 2026/27").click()
    clerk.reads("Intera: 4,60", "La fascia di ogni bambino la sceglie l’ufficio.")
    _look(clerk, "tariff, in sentences")
    clerk.link("Cambia da un giorno").click()
    clerk.page.get_by_label("Intera").fill("tanto")
    clerk.button("Guarda che cosa cambia").click()
    clerk.reads("Questo non è un importo")
    _look(clerk, "tariff, changed wrongly")
    clerk.page.get_by_label("Da quando").fill("2027-01-01")
    clerk.page.get_by_label("Intera").fill("4,80")
    clerk.button("Guarda che cosa cambia").click()
    clerk.reads("Non è ancora cambiato niente", "3 bambini di 2 famiglie", "2 di più, 0 di meno")
    clerk.page.get_by_text("Bambino per bambino").click()
    clerk.reads("Amina Haddad")
    _look(clerk, "tariff, whom it concerns")
    clerk.button("Conferma le tariffe").click()
    clerk.reads("Fatto: 1 tariffa caricata.", "comincerà")
    clerk.link("Mensa 2026/27, dal 1 gennaio 2027").click()
    clerk.reads("Intera: 4,80", "ha fatto finire la tariffa Mensa 2026/27 il 31/12/2026")
    _look(clerk, "tariff, to come")

    parent: Person = somebody(town=TOWN).sign_in("rossi")
    parent.open("/anagrafica/isee/")
    parent.reads("Quanto pagherai", "Anna, Refezione, dal 1 gennaio 2027", "4,80", "cambia il prezzo della tariffa")
    _look(parent, "what a child will pay")


def test_a_file_is_told_before_it_is_kept(somebody: Any) -> None:
    clerk: Person = somebody(town=TOWN, size="desktop").sign_in("office")
    clerk.open("/ufficio/tariffe/carica/")
    _send(clerk, FILE.replace("5.10", "5.1.0"))
    clerk.reads("Riga 11")
    _look(clerk, "tariffs, a file with a fault")
    _send(clerk, FILE)
    clerk.reads("Così non si può caricare", "prende il posto di “mensa-99”, che non c’è")
    _look(clerk, "tariffs, a file that does not fit")


def _send(person: Person, text: str) -> None:
    if not person.page.get_by_label("Il file delle tariffe").count():
        person.open("/ufficio/tariffe/carica/")
    file = {"name": "tariffe.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    person.page.get_by_label("Il file delle tariffe").set_input_files(file)  # type: ignore[arg-type]
    person.button("Leggi il file").click()


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert examine(person.page, name=name) == []
