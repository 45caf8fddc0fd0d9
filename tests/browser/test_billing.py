"""The month after the meals in a browser: the office bills it to the last mail, a parent pays two, the office recalls it."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.examine import examine
from tests.browser.persons import SCREENS, Person
from tests.browser.steps import eventually, mails, pay

TOWN, PARENT = "mese", "rossi@posta.example"


def test_a_month_from_the_preview_to_the_recall(somebody: Any) -> None:
    office: Person = somebody(town=TOWN, size="desktop").sign_in("office")
    office.open("/ufficio/fatture/")
    _look(office, "office billing, months")
    office.page.get_by_label("Mese").fill("2026-10")
    office.button("Guarda l’anteprima").click()
    office.reads("2 fatture, 73,80 €", "Manca un codice fiscale: 1")
    _look(office, "office run, preview")
    run = office.path
    office.button("Conferma 2 fatture").click()
    assert eventually(lambda: office.page.reload() and office.page.get_by_text("Emesse 1 di 2").count())
    office.reads("Le prime sono partite")
    _look(office, "office run, the first one left")
    office.button("Fai partire le altre").click()
    assert eventually(lambda: office.page.reload() and office.page.get_by_text("Emesse 2 di 2").count())
    _look(office, "office run, issued")
    office.link("Vedi le fatture").click()
    office.reads("2 fatture: 73,80 €")
    _look(office, "office invoices")
    office.link("Rossi").click()
    office.reads("Refezione, ottobre 2026: 46,20 €", "Anna, 6 pasti")
    _look(office, "office invoice")
    # September's came before.
    assert eventually(lambda: _letters(office, "Una nuova fattura") == 2)

    _pay_two(somebody)

    office.open(run)
    office.link("Ritira le fatture del mese").click()
    office.reads("2 fatture, 73,80 €")
    _look(office, "office recall, looked at")
    office.button("Ritira 2 fatture").click()
    office.reads("Scrivi il motivo")
    _look(office, "office recall, without a reason")
    office.page.get_by_label("Motivo").fill("tariffa sbagliata")
    office.button("Ritira 2 fatture").click()
    office.reads("Non è ancora partito niente")
    _look(office, "office recall, about to leave")
    _hurry(office)
    office.open(run)
    assert eventually(lambda: office.page.reload() and office.page.get_by_text("Ritirate").count())
    _look(office, "office run, recalled")
    assert eventually(lambda: _letters(office, "Fattura annullata") == 1)


def _hurry(person: Person) -> None:
    """Let the five minutes of a recall be over."""
    over = "update billing_run set recall_leaves_at = '2026-01-01' where recall_leaves_at is not null returning id"
    assert len(person.place.asked(over, town=TOWN)) == 1
    now = "update procrastinate_jobs set scheduled_at = now() where task_name = 'recall_invoices' returning id"
    assert len(person.place.asked(now, town=TOWN)) == 1


def _letters(person: Person, subject: str) -> int:
    """Count the mails to the parent with a subject."""
    return sum(f"{subject} · Comune di Mese" in mail for mail in mails(person.place, PARENT))


def _pay_two(somebody: Any) -> None:
    parent: Person = somebody(town=TOWN).sign_in("rossi")
    parent.open("/pagamenti/elenco/")
    parent.reads("Da pagare, in tutto", "69,20 €", "2 fatture")
    _look(parent, "portal invoices, two to pay")
    parent.page.get_by_role("link", name="la fattura FT/2026/3").click()
    parent.reads("Refezione, ottobre 2026", "Anna e Luca, 12 pasti")
    _look(parent, "portal invoice, to pay")
    parent.open("/pagamenti/elenco/")
    parent.button("Avviso unico da stampare").click()
    parent.reads("Le fatture di questo avviso", "69,20 €", "fattura FT/2026/1", "fattura FT/2026/3")
    _look(parent, "portal joint notice, to pay")
    parent.open("/pagamenti/elenco/")
    parent.button("Paga on-line quelle scelte").click()
    expect(parent.heading("Stai per pagare")).to_be_visible()
    parent.reads("fattura FT/2026/1", "fattura FT/2026/3", "70,20")  # one commission for both
    pay(parent)
    paid = "main .cp-table"
    assert eventually(
        lambda: (
            parent.open("/pagamenti/elenco/") and parent.page.locator(paid).get_by_text("Pagato", exact=True).count() == 2
        )
    )
    _look(parent, "portal invoices, paid")
    parent.page.get_by_role("link", name="la fattura FT/2026/3").click()
    parent.reads("Pagato")
    _look(parent, "portal invoice, paid")


def test_a_monthly_share_is_decided_and_looked_at(somebody: Any) -> None:
    office: Person = somebody(town=TOWN, size="desktop").sign_in("office")
    office.open("/ufficio/fatture/quote/")
    _look(office, "office fees, none")
    office.page.get_by_label("Servizio").select_option(label="Scuolabus")
    office.button("Avanti").click()
    _look(office, "office fee, new")
    office.page.get_by_label("Nome della quota").fill("Abbonamento mensile")
    office.page.get_by_label("Dal giorno").fill("2026-11-01")
    office.page.get_by_label("Fino al giorno").fill("2027-05-31")
    office.page.get_by_label("Scuolabus 2026/27, Intera").fill("12,50")
    office.button("Salva e guarda a chi tocca").click()
    office.reads("1 bambino, 87,50 € in tutto", "Novembre 2026")
    _look(office, "office fee, to confirm")
    office.button("Conferma la quota").click()
    office.reads("Quota confermata: per ora nessun addebito")
    _look(office, "office fee, confirmed")
    office.open(f"/ufficio/fatture/come-si-paga/{office.place.people['mese_guardian']}/")
    _look(office, "office family policy")
    office.page.get_by_label("Come si paga").select_option(label="prepagato (dal credito)")
    office.page.get_by_label("Dal giorno").fill("2026-12-01")
    office.button("Guarda che cosa cambia").click()
    office.reads("Controlla e conferma")
    _look(office, "office family policy, looked at")


def _look(person: Person, name: str) -> None:
    if folder := os.environ.get("CAMPANELLA_PICTURES"):
        own = person.page.viewport_size
        for size in ("phone", "desktop"):
            width, height = SCREENS[size]
            person.page.set_viewport_size({"width": width, "height": height})
            person.page.screenshot(path=Path(folder) / f"{name} ({size}).png", full_page=True)
        if own:
            person.page.set_viewport_size(own)
    assert examine(person.page, name=name) == []
