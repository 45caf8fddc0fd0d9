"""The bus: a parent asks for a stop on a full line, waits, somebody leaves, the office offers, the parent accepts."""

from typing import Any

from tests.browser.examine import examine
from tests.browser.persons import Person


def test_a_seat_on_a_full_line(somebody: Any) -> None:
    parent: Person = somebody().sign_in("haddad")
    parent.open("/anagrafica/")
    parent.link("Scuolabus").click()
    parent.reads("Amina non ha ancora un posto")
    parent.page.get_by_label("Corsa e fermata").select_option("Linea 3, ritorno: Largo Moro, 13:20 (completa, si aspetta)")
    parent.button("Chiedi questa fermata").click()
    parent.reads("Richiesta registrata", "Sei il primo della lista")
    _look(parent, "bus, waiting")

    clerk: Person = somebody(size="desktop").sign_in("office")
    clerk.open("/ufficio/scuolabus/")
    clerk.link("Linea 3, ritorno").click()
    clerk.reads("1 posto su 1", "Haddad Amina")
    clerk.button("Offri i posti liberi, in ordine").click()
    clerk.reads("Non c’è nessun posto da offrire")
    clerk.link("Neri Camilla").click()
    clerk.button("Libera il posto").click()
    clerk.reads("il posto si libera dal giorno dopo")
    clerk.button("Offri i posti liberi, in ordine").click()
    clerk.reads("1 posto offerto")
    _look(clerk, "bus-ride, offered")

    parent.open(parent.page.url)
    parent.reads("Si è liberato un posto", "Te lo teniamo fino al")
    _look(parent, "bus, offered")
    parent.button("Accetto il posto").click()
    parent.reads("Il posto è tuo", "Discesa a Largo Moro, alle 13:20")

    driver: Person = somebody(size="desktop").sign_in("school")
    driver.open("/appello/elenco/scuolabus/")
    driver.page.get_by_label("Giorno").fill("2026-10-15")
    driver.page.get_by_label("Corsa").select_option("Linea 3, ritorno")
    driver.button("Mostra").click()
    driver.reads("13:20 Largo Moro", "Haddad Amina", "Nadir Haddad")
    _look(driver, "riders, by stop")


def _look(person: Person, name: str) -> None:
    assert examine(person.page, name=name) == []
