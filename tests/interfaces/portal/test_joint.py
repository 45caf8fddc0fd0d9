"""Avviso unico as a parent makes it: one button beside the cart, one page, one paper."""

from datetime import timedelta

import pytest

from campanella.domains.billing import queries
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust
from tests.billing import bill, eat, noon, october
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as pdf_text
from tests.paying import receive
from tests.towns import OFFICE, Cast, Family, run_jobs, text_of
from tests.usecases.billing.conftest import post_paid

LIST = "/pagamenti/elenco/"
MAKE = "/pagamenti/elenco/avviso-unico/"
NOTICES = "/pagamenti/avvisi/"
BUTTON = "Avviso unico da stampare"


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    """Rossi: an invoice of October for two children."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    return browser(valle.town, ready.user)


@pytest.fixture
def two(valle: Cast, phone: Browser) -> list[queries.InvoiceView]:
    """And one of November."""
    eat(valle, [day.replace(month=11) for day in october(5, 6)])
    bill(valle, "2026-11")
    return invoices(valle)


def invoices(cast: Cast, family: str = "rossi") -> list[queries.InvoiceView]:
    return queries.invoices_of(payer_id=cast.families[family].guardian.pk)[::-1]


def made(phone: Browser, two: list[queries.InvoiceView]) -> str:
    """Make the notice of both, and return the address of its page."""
    return phone.post(MAKE, {"fattura": [one.id for one in two]})["Location"]


def test_it_is_offered_where_two_are_open(valle: Cast, phone: Browser) -> None:
    assert BUTTON not in phone.read(LIST)
    eat(valle, [day.replace(month=11) for day in october(5, 6)])
    bill(valle, "2026-11")
    with at_most(17):
        page = phone.get(LIST).content.decode()
    assert BUTTON in page
    assert f'formaction="{MAKE}"' in page


def test_its_page_tells_the_invoices_and_prints_one_paper(
    valle: Cast, phone: Browser, two: list[queries.InvoiceView]
) -> None:
    page = made(phone, two)
    assert made(phone, two) == page

    with at_most(32):
        told = phone.read(page)
    assert "Avviso unico 30,80 €" in told
    assert "Da pagare entro sabato 5 dicembre 2026" in told
    assert "Refezione, ottobre 2026 Anna e Luca, fattura FT/2026/1 15,40 €" in told
    assert "Stampa l’avviso (PDF)" in told
    paper = pdf_text(phone.get(f"{page}avviso.pdf").content)
    assert "30,80" in paper
    assert "fattura FT/2026/1, Refezione, ottobre 2026: 15,40" in paper
    assert "Anna" in paper
    assert "Luca" in paper

    adjust.adjust(by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(500), reason="x", key="a", now=clock.now())
    assert "Avviso unico 25,80 €" in phone.read(page)


def test_paid_every_page_says_which_invoices_it_was_for(valle: Cast, phone: Browser, two: list[queries.InvoiceView]) -> None:
    page = made(phone, two)
    receive(PaymentRequest.objects.get(pk=int(page.split("/")[-2])))
    run_jobs(300)

    assert "Avviso unico" in phone.read(page)
    receipt = " ".join(pdf_text(phone.get(f"{page}ricevuta.pdf").content).split())
    assert "fattura FT/2026/1 15,40" in receipt
    assert "fattura FT/2026/3 15,40" in receipt
    for one in invoices(valle):
        told = phone.read(f"{LIST}{one.id}/")
        assert "Pagato" in told
        assert "pagoPA, Banca, avviso unico" in told
        assert "con il credito" not in told
        assert f"{page}ricevuta.pdf" in phone.get(f"{LIST}{one.id}/").content.decode()
    wallet = valle.wallet("Anna").pk
    assert "Pagamento delle fatture FT/2026/1 e FT/2026/3" in phone.read(f"/pagamenti/movimenti/{wallet}/?mese=")
    assert "Avviso unico" in phone.read("/pagamenti/")
    assert BUTTON not in phone.read(LIST)


def test_it_is_paid_on_line_and_deleted_as_every_notice(
    valle: Cast, phone: Browser, two: list[queries.InvoiceView], pagopa: list[object]
) -> None:
    page = made(phone, two)
    assert "Le fatture restano da pagare" in phone.read(page)
    phone.post(f"{page}elimina/")
    told = phone.read(page)
    assert "Quello che resta da pagare è in Elenco pagamenti" in told
    again = made(phone, two)
    assert again != page
    assert phone.post(f"{again}paga/")["Location"] == "https://checkout.example/1"
    adjust.adjust(by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(500), reason="x", key="a", now=clock.now())
    assert "forse sta pagando" in text_of(phone.post(MAKE, {"fattura": [one.id for one in two]}, follow=True))


def test_the_list_of_notices_has_it_at_what_it_asks_for(
    valle: Cast, phone: Browser, two: list[queries.InvoiceView], pagopa: list[object]
) -> None:
    assert "Nessun avviso da pagare" in phone.read("/pagamenti/")
    page = made(phone, two)
    adjust.adjust(by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(500), reason="x", key="a", now=clock.now())
    with at_most(30):
        told = phone.read(NOTICES)
    assert "Avviso unico entro il" in told
    assert "25,80 €" in told
    assert "30,80" not in told
    assert f"{page}avviso.pdf" in phone.get(NOTICES).content.decode()
    assert "C’è un avviso unico delle tue fatture" in phone.read("/pagamenti/")
    assert "Avviso unico" not in browser(valle.town, valle.families["haddad"].user).read(NOTICES)

    late = PaymentRequest.objects.get(pk=int(page.split("/")[-2])).due_on + timedelta(days=1)
    with clock.standing_at(noon(late)):
        assert f'<a class="cp-link" href="{LIST}">' in phone.get(NOTICES).content.decode()
        assert "r=" not in phone.get(NOTICES).content.decode().partition("Scaduti")[2]
    phone.post(f"{page}elimina/")
    assert "Eliminati negli ultimi tre mesi Avviso unico" in phone.read(NOTICES)


def test_one_that_asks_for_nothing_any_more_is_not_listed(
    valle: Cast, phone: Browser, two: list[queries.InvoiceView]
) -> None:
    made(phone, two)
    for name, cents in (("Anna", 1840), ("Luca", 1240)):
        wallet = valle.wallet(name).pk
        adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(cents), reason="x", key=name, now=clock.now())
    assert "Nessun avviso da pagare" in phone.read(NOTICES)
    assert "Nessun avviso da pagare" in phone.read("/pagamenti/")


def test_money_that_waits_for_the_office_is_of_no_child(valle: Cast, phone: Browser, two: list[queries.InvoiceView]) -> None:
    page = made(phone, two)
    request = PaymentRequest.objects.get(pk=int(page.split("/")[-2]))
    receive(request)
    receive(request, iur="again")
    assert "di solito restano come credito. Non devi fare nulla" in phone.read(page)
    assert "Avviso unico di Anna" not in phone.read("/pagamenti/")


def test_what_is_sent_by_hand_makes_nothing(valle: Cast, phone: Browser, two: list[queries.InvoiceView]) -> None:
    theirs, own = invoices(valle, "haddad")[0].id, [one.id for one in two]
    before = PaymentRequest.objects.count()
    assert phone.get(MAKE)["Location"] == LIST
    assert phone.post(MAKE, {"fattura": [own[0], theirs]}).status_code == 404
    for sent in ([], ["x", "-1", "1e9", "٣"], [own[0]], [own[0], own[0]], ["9" * 40, own[0]]):
        assert "Scegli almeno due fatture" in text_of(phone.post(MAKE, {"fattura": sent}, follow=True))
    assert phone.post(MAKE, {"fattura": [own[0], 10**15]}).status_code == 404
    assert "Scegli anche" not in text_of(phone.post(MAKE, {"fattura": range(1, 40)}, follow=True))
    assert PaymentRequest.objects.count() == before
    assert browser(valle.town, valle.staff["office"]).post(MAKE, {"fattura": own}).status_code == 403


def test_another_family_finds_nothing_of_it(valle: Cast, phone: Browser, two: list[queries.InvoiceView]) -> None:
    page = made(phone, two)
    other = browser(valle.town, valle.families["haddad"].user)
    for rest in ("", "avviso.pdf", "paga/", "elimina/", "genera/"):
        assert other.get(f"{page}{rest}").status_code in (302, 303, 404)
    assert other.get(page).status_code == 404
    assert other.post(f"{page}elimina/").status_code == 404
