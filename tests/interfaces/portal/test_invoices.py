"""Elenco pagamenti as a parent reads it: the columns of the manual, one invoice day by day, several in one cart."""

import pytest

from campanella.domains.billing import queries
from campanella.domains.payments.gateways.pagopa import checkout
from tests.billing import bill, eat, october
from tests.browsing import Browser, at_most, browser
from tests.paying import receive
from tests.towns import Cast, Family
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
