"""Enrolment, as a parent and a clerk meet it: applied for on a phone, asked for more, completed, accepted at a desk."""

from typing import Any

from tests.browser.examine import examine
from tests.browser.persons import Person


def test_an_application_from_the_phone_to_the_desk(somebody: Any) -> None:
    parent: Person = somebody().sign_in("conti")
    parent.open("/utility/")
    parent.link("Iscrizioni").click()
    parent.reads("Scuolabus, anno 2026/27")
    _look(parent, "applications")
    parent.link("Fai domanda").click()
    parent.page.get_by_label("Emma").check()
    parent.button("Prosegui").click()
    parent.page.get_by_label("Fermata di salita").select_option("Via Roma")
    parent.button("Salva per dopo").click()
    parent.reads("Salvata: la riprendi quando vuoi")
    parent.link("Emma, Scuolabus").click()
    parent.page.get_by_label("Sì", exact=True).check()
    parent.page.get_by_label("Non lo presento").check()
    parent.button("Prosegui").click()
    parent.reads("Controlla, poi manda", "Via Roma")
    _look(parent, "application-summary")
    parent.button("Manda la domanda").click()
    parent.reads("La domanda non è partita", "Manca ancora: Ho letto l’informativa")
    parent.page.get_by_label("Ho letto l’informativa").check()
    parent.page.get_by_label("Dichiaro che quello che ho scritto è vero").check()
    parent.button("Manda la domanda").click()
    parent.reads("Domanda inviata", "Numero di protocollo")
    _look(parent, "application-sent")
    number = parent.page.locator(".cp-proof b").inner_text()

    clerk: Person = somebody(size="desktop").sign_in("office")
    clerk.open("/ufficio/iscrizioni/")
    clerk.link(f"Apri la domanda n. {number}").click()
    clerk.page.get_by_label("Che cosa gli scrivi").fill("Manca la data da cui parte")
    clerk.button("Chiedi di completare").click()
    clerk.reads("alla famiglia è partita una e-mail")

    parent.link("Guarda la domanda").click()
    parent.reads("L’ufficio ti chiede", "Manca la data da cui parte")
    _look(parent, "application, asked")
    parent.link("Completa la domanda").click()
    parent.page.get_by_label("Da quando").fill("2026-11-02")
    parent.button("Prosegui").click()
    parent.page.get_by_label("Ho letto l’informativa").check()
    parent.page.get_by_label("Dichiaro che quello che ho scritto è vero").check()
    parent.button("Manda di nuovo").click()
    parent.reads("Domanda inviata", number, "versione 2")

    clerk.open("/ufficio/iscrizioni/")
    clerk.page.get_by_label(number).check()
    clerk.button("Accetta… prima guarda").click()
    clerk.reads("Accetta questa domanda", "Intera")
    _look(clerk, "applications-many")
    clerk.button("Accetta questa domanda").click()
    clerk.reads("1 Accettata")
    parent.open("/iscrizioni/")
    parent.reads("accettata")


def _look(person: Person, name: str) -> None:
    assert examine(person.page, name=name) == []
