"""The pictures of the chapters on enrolment: a mother applies on her phone, the office accepts, and both could end it."""

from typing import Any

LIST = "/ufficio/iscrizioni/"


def enrolment(by: Any) -> None:
    """From the list of what is open to what was accepted, on a phone and at the desk."""
    parent = by.person("conti")
    parent.open("/iscrizioni/")
    by.take(parent, "iscrizioni")
    parent.link("Fai domanda").click()
    parent.page.get_by_label("Emma").check()
    parent.page.evaluate("() => window.scrollTo(0, 0)")
    by.take(parent, "iscrizioni-per-chi")
    parent.button("Prosegui").click()
    parent.page.get_by_label("Fermata di salita").select_option("Via Roma")
    parent.page.get_by_label("Sì", exact=True).check()
    parent.page.get_by_label("Non lo presento").check()
    parent.page.evaluate("() => window.scrollTo(0, 0)")
    by.take(parent, "iscrizioni-dati")
    parent.button("Prosegui").click()
    parent.page.get_by_label("Ho letto l’informativa").check()
    parent.page.get_by_label("Dichiaro che quello che ho scritto è vero").check()
    by.take(parent, "iscrizioni-riepilogo", whole=True)
    parent.button("Manda la domanda").click()
    parent.reads("Domanda inviata")
    by.take(parent, "iscrizioni-inviata")
    number = parent.page.locator(".cp-proof b").inner_text()
    clerk = by.person("office", size="desktop")
    clerk.open(LIST)
    by.take(clerk, "ufficio-iscrizioni")
    clerk.link(f"Apri la domanda n. {number}").click()
    by.take(clerk, "ufficio-domanda", whole=True)
    clerk.button("Accetta la domanda").click()
    clerk.reads("Accettata: il bambino è iscritto al servizio")
    clerk.open(f"{LIST}moduli/{by.place.people['enrolment']['call']}/fasce/")
    by.take(clerk, "ufficio-fasce")
    clerk.open(f"{LIST}moduli/{by.place.people['enrolment']['call']}/")
    by.take(clerk, "ufficio-modulo")
    parent.link("Guarda la domanda").click()
    parent.reads("Accettata")
    by.take(parent, "iscrizioni-accettata")
    parent.link("Rinuncia al servizio").click()
    parent.reads("Che cosa succede")
    by.take(parent, "iscrizioni-rinuncia")
