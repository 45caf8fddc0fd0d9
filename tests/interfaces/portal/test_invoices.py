"""Elenco pagamenti as a parent reads it: the columns of the manual, one invoice day by day, several in one cart."""

from datetime import date

import pytest

from campanella.domains.billing import queries
from campanella.domains.messaging.models import Message
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.usecases.billing import staging
from tests.billing import bill, eat, noon, october
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as pdf_text
from tests.paying import receive
from tests.towns import OFFICE, Cast, Family, choosing, run_jobs
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_paying import invoice_of, position_of


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    """Rossi in November: an invoice of October for two children."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    return browser(valle.town, ready.user)


def test_the_list_has_the_columns_of_the_manual(phone: Browser) -> None:
    with at_most(16):
        page = phone.read("/pagamenti/elenco/")
    assert "Codice Descrizione Emissione Data scad. Stato Importo Azione" in page
    assert "FT/2026/1 Refezione, ottobre 2026 Anna e Luca, 4 pasti" in page
    assert "Emessa il 05/11/2026 Scadenza 05/12/2026 Non pagato 15,40 € Paga" in page


def test_an_invoice_is_told_child_by_child_and_day_by_day(valle: Cast, phone: Browser) -> None:
    page = phone.read(f"/pagamenti/elenco/{invoice_of(valle).id}/")
    assert "Anna, 2 pasti Giovedì 1 ottobre 4,60 € Venerdì 2 ottobre 4,60 € Totale del mese 9,20 €" in page
    assert "Luca, 2 pasti" in page
    assert "Pagamento on-line Avviso di pagamento (PDF)" in page


def test_the_first_page_of_payments_leads_to_it(phone: Browser) -> None:
    assert "15,40 € di fatture da pagare Vedi e paga le fatture" in phone.read("/pagamenti/")


def test_several_invoices_are_paid_in_one_cart(valle: Cast, phone: Browser, pagopa: list[checkout.CheckoutCart]) -> None:
    eat(valle, [day.replace(month=11) for day in october(5, 6)])
    bill(valle, "2026-11")
    mine = [one.id for one in queries.invoices_of(payer_id=valle.families["rossi"].guardian.pk)]

    answer = phone.post("/pagamenti/elenco/paga/", {"fattura": mine})

    assert answer["Location"] == "https://checkout.example/1"
    assert [notice.cents for notice in pagopa[0].notices] == [1540, 1540]


def test_papers_are_pdfs_without_names_in_their_addresses(valle: Cast, phone: Browser) -> None:
    invoice = invoice_of(valle)
    for paper in ("fattura", "avviso"):
        answer = phone.get(f"/pagamenti/elenco/{invoice.id}/{paper}.pdf")
        assert answer.content.startswith(b"%PDF")
    assert "avviso-3" in answer["Content-Disposition"]


def test_paid_it_says_so_and_offers_no_payment(valle: Cast, phone: Browser) -> None:
    receive(position_of(invoice_of(valle)))
    page = phone.read(f"/pagamenti/elenco/{invoice_of(valle).id}/")
    assert "Pagato" in page
    assert "Pagamento on-line" not in page
    assert phone.get(f"/pagamenti/elenco/{invoice_of(valle).id}/avviso.pdf").status_code == 404


def test_paid_it_tells_when_how_and_gives_the_receipt_and_no_page_calls_it_a_top_up(valle: Cast, phone: Browser) -> None:
    invoice, position = invoice_of(valle), position_of(invoice_of(valle))
    receive(position)
    desk = browser(valle.town, valle.staff["office"])
    assert "Pagamenti e addebiti" in desk.read(f"/ufficio/fatture/elenco/{invoice.id}/")

    page = phone.get(f"/pagamenti/elenco/{invoice.id}/").content.decode()
    receipt = f"/pagamenti/avvisi/{position.pk}/ricevuta.pdf"
    assert "Come è stata pagata" in page
    assert f'href="{receipt}"' in page
    assert phone.get(receipt).content.startswith(b"%PDF")
    assert f"Fattura {invoice.number}" in phone.read("/pagamenti/")
    for wallet in invoice.shares:
        told = phone.read(f"/pagamenti/movimenti/{wallet.wallet_id}/")
        assert f"Pagamento della fattura {invoice.number}" in told
        assert "Ricarica Pagata" not in told
    assert f"Pagamento della fattura {invoice.number}" in phone.get("/pagamenti/estratto-conto.csv").content.decode()


def test_the_page_of_the_outcome_names_the_invoice(valle: Cast, phone: Browser, pagopa: list[checkout.CheckoutCart]) -> None:
    invoice = invoice_of(valle)
    phone.post(f"/pagamenti/elenco/{invoice.id}/paga/")
    receive(position_of(invoice))

    page = phone.read(f"/pagamenti/ritorno/{pagopa[0].id}/")

    assert "Pagamento ricevuto, grazie 15,40 €" in page
    assert f"Che cosa hai pagato Pagamento della fattura {invoice.number} 15,40 €" in page
    assert "Ricarica ricevuta" not in page
    assert "Il nuovo credito" not in page


def test_what_a_recalled_invoice_had_been_paid_is_told_until_and_after_the_new_one(valle: Cast, phone: Browser) -> None:
    first = invoice_of(valle)
    receive(position_of(first))
    now = noon(date(2026, 11, 6))
    staging.recall(by=OFFICE, run_id=first.run_id, reason="tariffa sbagliata", now=now)
    run_jobs(300)

    page = phone.read(f"/pagamenti/elenco/{first.id}/")
    assert "I tuoi 15,40 € pagano i giorni già usati (4 pasti)" in page
    assert "Da pagare entro" not in page
    letter = Message.objects.get(template="invoice_recalled", guardian=valle.families["rossi"].guardian)
    assert "I 15,40 € che hai pagato non sono persi: pagano i giorni già usati" in letter.text.replace("\xa0", " ")

    bill(valle)
    again = next(one for one in queries.invoices_of(payer_id=first.payer_id) if not one.credit_note)
    page = phone.read(f"/pagamenti/elenco/{first.id}/")
    assert f"I tuoi 15,40 € pagano gli stessi giorni: fattura {again.number} , 0,00 € da pagare" in page


def test_the_new_invoice_is_that_of_the_same_child(valle: Cast, ready: Family) -> None:
    """One invoice for each child: Anna's money pays Anna's days, and nobody reads there of another child's invoice."""
    post_paid(valle)
    choosing(valle.town, bill_per_payer=False)
    eat(valle, october(1))
    run = bill(valle)
    anna, luca = (valle.child(name).pk for name in ("Anna", "Luca"))
    first = of_child(anna)
    for child in (anna, luca):
        receive(position_of(of_child(child)), iur=f"iur-{child}")
    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=noon(date(2026, 11, 6)))
    run_jobs(300)
    bill(valle)

    page = browser(valle.town, ready.user).read(f"/pagamenti/elenco/{first.id}/")

    assert f"fattura {of_child(anna).number} ," in page
    assert of_child(luca).number not in page


def of_child(child_id: int) -> queries.InvoiceView:
    """Give the living invoice of one child."""
    (found,) = [one for one in queries.invoices_of(child_ids=[child_id]) if not one.credit_note]
    return found


def test_the_paper_says_how_it_stands_today(valle: Cast, phone: Browser) -> None:
    invoice = invoice_of(valle)

    def paper(name: str = "fattura") -> str:
        return pdf_text(phone.get(f"/pagamenti/elenco/{invoice.id}/{name}.pdf").content)

    assert "Da pagare" in paper()
    assert phone.get(f"/pagamenti/elenco/{invoice.id}/nota-di-credito.pdf").status_code == 404
    receive(position_of(invoice))
    told = paper()
    assert "Pagata" in told
    assert "Da pagare" not in told
    assert "entro il" not in told
    staging.recall(by=OFFICE, run_id=invoice.run_id, reason="tariffa sbagliata", now=noon(date(2026, 11, 6)))
    told = paper()
    assert "Annullata" in told
    assert "Da pagare" not in told
    note = paper("nota-di-credito")
    assert "Nota di credito NC/2026/" in note
    assert f"Annulla la fattura {invoice.number}" in note
    assert "tariffa sbagliata" in note
    assert "nota-di-credito.pdf" in phone.get(f"/pagamenti/elenco/{invoice.id}/").content.decode()
    desk = browser(valle.town, valle.staff["office"])
    office = f"/ufficio/fatture/elenco/{invoice.id}/"
    assert "nota-di-credito.pdf" in desk.get(office).content.decode()
    assert desk.get(f"{office}nota-di-credito.pdf").content.startswith(b"%PDF")


def test_the_page_of_its_position_is_the_invoice_s_and_it_is_not_deleted(valle: Cast, phone: Browser) -> None:
    position = position_of(invoice_of(valle))
    invoice = invoice_of(valle)
    assert phone.get(f"/pagamenti/avvisi/{position.pk}/")["Location"] == f"/pagamenti/elenco/{invoice.id}/"
    assert phone.post(f"/pagamenti/avvisi/{position.pk}/elimina/").status_code == 404


def test_another_familys_invoice_is_nobodys(valle: Cast, phone: Browser) -> None:
    theirs = invoice_of(valle, "haddad").id
    for page in ("", "fattura.pdf", "avviso.pdf"):
        assert phone.get(f"/pagamenti/elenco/{theirs}/{page}").status_code == 404
    assert phone.post(f"/pagamenti/elenco/{theirs}/paga/").status_code == 404
    assert phone.post("/pagamenti/elenco/paga/", {"fattura": [theirs]}).status_code == 404


def test_nothing_chosen_is_said_kindly(phone: Browser) -> None:
    answer = phone.post("/pagamenti/elenco/paga/", {})
    assert "Scegli almeno una fattura" in answer.content.decode()
