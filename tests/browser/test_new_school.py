"""A clerk opens a school from nothing: two classes, a canteen, a child; and takes its first roll-call."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.persons import Person

TARIFF = """
tariffs:
  - code: mensa-montessori-2026
    name: Mensa Montessori 2026/27
    service: mensa-montessori
    from: 2026-09-01
    to: 2027-08-31
    unit: day
    prices:
      - {name: Piena, price: "4,50"}
"""


def test_from_a_new_school_to_its_first_roll_call(somebody: Any, tmp_path: Path) -> None:
    # In a town of its own, so that no other story finds a school more.
    clerk: Person = somebody(size="desktop", town="mese").sign_in("office")
    _open_school(clerk)
    _open_service(clerk, tmp_path / "tariffe.yaml")
    clerk.open("/ufficio/bambini/nuovo/")
    _fill(clerk, {"Nome": "Bianca", "Cognome": "Prova", "Da quando è in classe": "2026-10-14"})
    clerk.page.locator("select[name=class_group]").select_option(label="1A")
    clerk.button("Inserisci").click()
    clerk.reads("Bianca Prova è in anagrafica")
    clerk.open(f"{clerk.path}servizi/")
    price = clerk.page.locator("optgroup[label^='Mensa Montessori'] option").first.get_attribute("value")
    clerk.page.get_by_label("Servizio e tariffa").select_option(value=price)
    _fill(clerk, {"Da quando": "2026-10-14"})
    clerk.button("Iscrivi").click()
    clerk.reads("Mensa Montessori")

    teacher: Person = somebody(size="tablet", town="mese").sign_in("school")
    ((class_id,),) = teacher.place.asked("select id from schools_classgroup where name = '1A'", town="mese")
    teacher.open(f"/appello/{class_id}/mensa-montessori/")
    expect(teacher.page.get_by_role("checkbox", name="Bianca")).to_be_visible()
    teacher.page.get_by_role("button", name="Conferma").click()
    teacher.reads("Appello confermato alle", "La cucina ha ricevuto 1 pasto")


def _open_school(clerk: Person) -> None:
    clerk.open("/ufficio/impostazioni/")
    clerk.page.get_by_role("link", name="Scuole e servizi", exact=True).click()
    clerk.link("Nuova scuola").click()
    _fill(clerk, {"Nome": "Primaria Montessori"})
    clerk.page.get_by_label("Grado").select_option(label="Primaria")
    clerk.button("Aggiungi la scuola").click()
    clerk.reads("Primaria Montessori aggiunta", "codice primaria-montessori")
    _fill(clerk, {"Classi": "1A, 1B"})
    clerk.button("Apri le classi").click()
    clerk.reads("2 classi aperte: 1A, 1B.")


def _open_service(clerk: Person, tariff: Path) -> None:
    clerk.open("/ufficio/impostazioni/scuole/")
    clerk.link("Nuovo servizio").click()
    clerk.page.get_by_label("Che cos’è").select_option(label="Mensa")
    _fill(clerk, {"Nome": "Mensa Montessori"})
    clerk.button("Aggiungi il servizio").click()
    clerk.reads("Non ha ancora una tariffa")
    tariff.write_text(TARIFF)
    loading = clerk.place.run("tariff", "-m", "campanella", "tariff", "load", str(tariff), "--town", "mese")
    clerk.page.get_by_role("checkbox", name="Primaria Montessori").check(force=True)
    _fill(clerk, {"Da quando": "2026-10-14", "Fino a, compreso": "2027-06-09"})
    clerk.button("Controlla che cosa cambia").click()
    clerk.reads(
        "Mensa Montessori in 1 scuola: Dal 14 ottobre 2026 al 9 giugno 2027 il servizio c’è: lun, mar, mer, gio, ven."
    )
    clerk.button("Conferma").click()
    clerk.reads("Dove c’è", "Primaria Montessori")
    clerk.place.done("tariff", loading)


def _fill(person: Person, fields: dict[str, str]) -> None:
    for label, text in fields.items():
        person.page.get_by_label(label, exact=True).fill(text)
