"""Credit paid back, as a parent and two clerks meet it: asked on a phone, looked at, approved, sent to the bank."""

import os
from pathlib import Path
from typing import Any

from tests.browser.examine import examine
from tests.browser.persons import Person


def test_a_refund_from_the_phone_to_the_bank(somebody: Any) -> None:
    parent: Person = somebody().sign_in("fontana")
    parent.open("/pagamenti/rimborsi/")
    parent.reads("Tommaso non usa più questo servizio")
    _look(parent, "refunds, offered")
    parent.link("Chiedi il rimborso").click()
    parent.page.get_by_label("IBAN", exact=True).fill("IT35Q0306909606100000067890")
    parent.button("Manda la richiesta").click()
    parent.reads("CIN")
    _look(parent, "ask-refund, refused")
    parent.page.get_by_label("IBAN", exact=True).fill("IT39 R030 6909 6061 0000 0067 890")
    parent.page.get_by_label("Il bambino lascia il servizio").check()
    parent.button("Manda la richiesta").click()
    parent.reads("Richiesta mandata", "IT •••• 7890")
    _look(parent, "refunds, asked")

    first: Person = somebody(size="desktop").sign_in("office")
    first.open("/ufficio/rettifiche/")
    _look(first, "proposals, waiting")
    first.link("Rimborso su IBAN").click()
    _look(first, "decision, to look at")
    first.button("Ho controllato").click()
    first.reads("tocca a un altro collega")

    second: Person = somebody(size="desktop").sign_in("ufficio.due")
    second.open("/ufficio/rettifiche/")
    second.link("Rimborso su IBAN").click()
    second.button("Respingi").click()
    second.reads("Scrivi il motivo")
    _look(second, "decision, refused without a reason")
    second.button("Conferma").click()
    second.reads("Fatto.")
    _look(second, "proposals, decided")
    second.link("Rimborsi in banca").click()
    _look(second, "refunds to pay")
    second.button("Prepara il file").click()
    second.reads("File pronto")
    _look(second, "refunds, a file")
    second.link("Carica gli esiti della banca").click()
    _look(second, "refund-answers")


def test_what_a_clerk_asks_from_a_childs_page(somebody: Any) -> None:
    clerk: Person = somebody(size="desktop").sign_in("office")
    clerk.open("/ufficio/cerca/")
    child = f"/ufficio/bambini/{clerk.place.people['children']['Anna']}/"
    for name, button in (
        ("cortesia", "Dai il credito"),
        ("cancella-debito", "Proponi la cancellazione"),
        ("rimborso", "Chiedi il rimborso"),
        ("altra-famiglia", "Proponi il giroconto"),
    ):
        clerk.open(f"{child}{name}/")
        _look(clerk, name)
        clerk.button(button).click()
        clerk.reads("Scrivi il motivo")
        _look(clerk, f"{name}, empty")


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert examine(person.page, name=name) == []
