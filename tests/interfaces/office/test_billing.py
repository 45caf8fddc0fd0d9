"""The office bills a month: preview with what is strange, confirmation, the rest, stop, recall; the list of invoices."""

import re
from datetime import date, timedelta

import pytest

from campanella.domains.billing import queries, runs
from campanella.foundation.core import clock
from campanella.usecases.billing import issuing, staging
from tests.adjusting import colleague
from tests.billing import eat, noon, october
from tests.browsing import Browser, browser
from tests.towns import Cast, choosing, run_jobs, tell_again
from tests.usecases.billing.conftest import post_paid


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The office on the fifth of November, with three days of October charged."""
    post_paid(valle)
    eat(valle, october(1, 2, 5))
    return browser(valle.town, valle.staff["office"])


def preview(desk: Browser) -> str:
    with clock.standing_at(noon(date(2026, 11, 5))):
        answer = desk.post("/ufficio/fatture/", {"service": "mensa", "month": "2026-10"})
    tell_again()
    return str(answer["Location"])


def press(desk: Browser, address: str, **data: str) -> str:
    """Press a button on a day in November, and read the page that comes."""
    from tests.towns import text_of

    with clock.standing_at(noon(date(2026, 11, 5))):
        page = text_of(desk.post(address, data, follow=True))
    tell_again()
    return page


def confirm(desk: Browser, page: str) -> str:
    """Press the button of the page as it is now."""
    told = re.search(r'name="told" value="(\w+)"', desk.get(page).content.decode())
    tell_again()
    return press(desk, f"{page}conferma/", told=told[1] if told else "")


def test_a_month_from_preview_to_recall(valle: Cast, desk: Browser) -> None:
    choosing(valle.town, bill_sample=1)
    page = preview(desk)
    told = desk.read(page)
    assert "2 fatture, 36,90 €" in told
    assert "Manca un codice fiscale: 3" in told

    assert "Emesse 0 di 2" in confirm(desk, page)
    (run,) = runs.runs()
    issuing.issue(run_id=run.id)
    told = desk.read(page)
    assert "Emesse 1 di 2" in told
    assert "Le prime sono partite" in told

    press(desk, f"{page}ferma/")
    assert "Fermata" in desk.read(page)
    press(desk, f"{page}avanti/")
    issuing.issue(run_id=run.id)
    assert "Emesse 2 di 2" in desk.read(page)
    assert "2 fatture: 36,90 €, ancora da pagare 36,90 €" in desk.read("/ufficio/fatture/elenco/?mese=2026-10")

    assert "Scrivi il motivo" in press(desk, f"{page}ritira/", reason="")
    assert "Non è ancora partito niente" in press(desk, f"{page}ritira/", reason="tariffa sbagliata")
    assert {one.state for one in queries.invoices_between(period=None)} == {"unpaid"}
    with clock.standing_at(noon(date(2026, 11, 5)) + timedelta(minutes=5)):
        run_jobs()
    assert "Ritirate" in desk.read(page)
    assert {one.state for one in queries.invoices_between(period=None)} == {"cancelled"}
    assert "0 fatture: 0,00 €, ancora da pagare 0,00 €. Altre 2 annullate" in desk.read(
        "/ufficio/fatture/elenco/?mese=2026-10"
    )


def test_a_recall_is_looked_at_asked_by_one_confirmed_by_another_and_may_be_stopped(valle: Cast, desk: Browser) -> None:
    page = preview(desk)
    confirm(desk, page)
    issuing.issue(run_id=runs.runs()[0].id)
    choosing(valle.town, bill_second_person=1000)
    other = browser(valle.town, colleague())
    recall = f"{page}ritira/"

    told = desk.read(recall)
    assert "2 fatture, 36,90 €" in told
    assert "Già pagate, in tutto o in parte 0 Pagato: resta alle famiglie, e paga la prossima fattura 0,00 €" in told
    assert "FT/2026/1 · Refezione, ottobre 2026" in told
    assert "Sopra 10,00 € serve anche la conferma di un’altra persona dell’ufficio" in told
    told = press(desk, recall, reason="tariffa sbagliata")
    assert "Serve un’altra persona" in told
    assert "chiedi a un collega di aprire questa pagina" in told
    assert "le note di credito le conferma un’altra persona" in press(desk, f"{recall}conferma/")
    assert "Conferma il ritiro" in other.read(recall)
    assert "tra 5 minuti le fatture sono ritirate" in press(other, f"{recall}conferma/")

    assert "Parte alle 12:05" in desk.read(page)
    assert "Fermato: nessuna fattura è stata ritirata" in press(desk, f"{recall}ferma/")
    with clock.standing_at(noon(date(2026, 11, 5)) + timedelta(minutes=5)):
        run_jobs()
    assert {one.state for one in queries.invoices_between(period=None)} == {"unpaid"}
    assert "ha fermato il ritiro delle fatture di Refezione per ottobre 2026" in desk.read(page)


def test_a_recalled_invoice_is_paid_by_nobody(valle: Cast, desk: Browser) -> None:
    page = preview(desk)
    confirm(desk, page)
    (run,) = runs.runs()
    issuing.issue(run_id=run.id)
    with clock.standing_at(noon(date(2026, 11, 6))):
        staging.recall(by=valle.staff["office"], run_id=run.id, reason="tariffa sbagliata", now=clock.now())
    (first, _) = queries.invoices_between(period=None)

    told = desk.read(f"/ufficio/fatture/elenco/{first.id}/")
    assert "Pagato 0,00 € Stornato con NC/2026/1 −23,10 € Da pagare 0,00 €" in told
    run_jobs()


def test_an_invoice_is_found_by_its_number_and_the_list_by_service_and_lateness(valle: Cast, desk: Browser) -> None:
    page = preview(desk)
    confirm(desk, page)
    (run,) = runs.runs()
    issuing.issue(run_id=run.id)
    first, second = queries.invoices_between(period=None)
    found = f"/ufficio/fatture/elenco/{first.id}/"

    for text in (first.number, first.number.lower()):
        assert desk.post("/ufficio/cerca/", {"q": text})["Location"] == found
    listed = desk.read(f"/ufficio/fatture/elenco/?numero={second.number}")
    assert second.number in listed
    assert first.number not in listed
    assert "Nessuna fattura" in desk.read("/ufficio/fatture/elenco/?stato=overdue")
    assert "Nessuna fattura" in desk.read(f"/ufficio/fatture/elenco/?servizio={valle.services['scuolabus'].pk}")
    with clock.standing_at(noon(date(2027, 1, 5))):
        assert "2 fatture: 36,90 €" in desk.read("/ufficio/fatture/elenco/?stato=overdue")
    tell_again()
    sheet = desk.get(f"/ufficio/fatture/elenco.csv?servizio={valle.services['mensa'].pk}").content.decode()
    assert [line.split(";")[0] for line in sheet.splitlines()[1:]] == [second.number, first.number]
    assert desk.get("/ufficio/fatture/elenco.xlsx").content.startswith(b"PK")
    with clock.standing_at(noon(date(2026, 11, 6))):
        staging.recall(by=valle.staff["office"], run_id=run.id, reason="tariffa sbagliata", now=clock.now())
    assert desk.post("/ufficio/cerca/", {"q": "NC/2026/1"})["Location"] == found


def test_who_has_prepared_a_large_month_cannot_confirm_it(valle: Cast, desk: Browser) -> None:
    choosing(valle.town, bill_second_person=1000)
    page = preview(desk)

    assert "Serve un’altra persona" in desk.read(page)
    told = runs.runs()[0].digest
    assert "le fatture le conferma un’altra persona" in press(desk, f"{page}conferma/", told=told)
    assert runs.runs()[0].state == "prepared"


def test_an_invoice_is_shown_whole_with_who_did_what(valle: Cast, desk: Browser) -> None:
    page = preview(desk)
    confirm(desk, page)
    issuing.issue(run_id=runs.runs()[0].id)
    (first, _) = queries.invoices_between(period=None)

    told = desk.read(f"/ufficio/fatture/elenco/{first.id}/")
    assert "Fattura FT/2026/1 Non pagato" in told
    assert "Giovedì 1 ottobre 4,60 €" in told
    assert desk.get(f"/ufficio/fatture/elenco/{first.id}/fattura.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("month", ["", "2026-13", "ottobre", "2099-01"])
def test_a_month_that_cannot_be_is_said(desk: Browser, month: str) -> None:
    answer = desk.post("/ufficio/fatture/", {"service": "mensa", "month": month})
    assert answer.status_code == 422
