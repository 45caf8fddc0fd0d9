"""Pagamenti, notices and movements as a parent reads them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from campanella.usecases.pagopa import parked
from tests.browsing import Browser, at_most, browser
from tests.paying import prepare, receive, wish
from tests.towns import TODAY, Cast, Family, text_of


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    return browser(valle.town, ready.user)


def test_the_first_page_says_what_is_there_and_what_is_owed(valle: Cast, rossi: Family, phone: Browser) -> None:
    valle.credit("Anna", 3680)
    prepare(valle, rossi, wish(valle, cents=5000))
    receive(prepare(valle, rossi, wish(valle, "Luca", 3100))[0])

    with at_most(15):
        page = phone.read("/pagamenti/")
    assert "Anna · Refezione Movimenti 36,80 € circa 8 pasti" in page
    assert "50,00 € 1 avviso, entro il 13 novembre 2026" in page
    assert "Refezione di Luca 14 ottobre 2026, ricevuta 31,00 €" in page


def test_a_wallet_for_all_services_is_counted_alike_on_every_page(valle: Cast, phone: Browser) -> None:
    shared = ledger.open_wallet(child=valle.child("Anna"), service_id=None)
    opening = ledger.account(kind="opening", code="test")
    movement = ledger.Movement(source=Source.of_opening("all"), wallet_id=shared.pk, other_id=opening.pk, amount=Euro(3220))
    ledger.post(movements=[movement], kind="opening", day=TODAY, memo="Saldo iniziale", by_id=None, now=clock.now())

    top_up_of = f"/pagamenti/ricarica/?servizio={shared.pk}&fai=aggiungi"

    told = [phone.read(address) for address in ("/", "/anagrafica/", "/pagamenti/", top_up_of)]

    assert ["circa 5 giorni" in page for page in told] == [True] * 4


def test_what_is_paid_together_is_told_together(valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]) -> None:
    made = prepare(valle, ready, wish(valle), wish(valle, cents=1500, service="scuolabus"), wish(valle, "Luca", 1000))
    phone.post("/pagamenti/avvisi/paga/", {"avviso": [position.pk for position in made]})
    phone.get(f"/pagamenti/ritorno/{pagopa[0].id}/ok/")

    page, home = phone.get("/pagamenti/").content.decode(), phone.read("/")

    assert "3 ricariche, 45,00\N{NO-BREAK SPACE}€: a che punto è" in page
    assert page.count("a che punto è") == 1
    assert "Il pagamento sta arrivando: 35,00 € Refezione 20,00 €, Scuolabus 15,00 €. Il credito sale da solo" in home
    assert "Il pagamento sta arrivando: 10,00 € Il credito sale da solo" in home
    assert home.count("Segui il pagamento") == 2


def test_nothing_is_on_its_way_that_nobody_is_known_to_have_paid(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    """Who closes pagoPA's page is told that nothing is known, and may try again or leave it."""
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")
    token = pagopa[0].id

    pages = [phone.read(address) for address in ("/", "/pagamenti/", f"/pagamenti/avvisi/{made.pk}/")]
    visit = phone.read(f"/pagamenti/ritorno/{token}/")

    assert [("arrivando" in page, "in corso" in page) for page in [*pages, visit]] == [(False, False)] * 4
    assert "Non sappiamo se hai pagato 20,00 € Se hai pagato, il credito sale da solo." in pages[0]
    assert all("finisce da solo alle 9:17" in page for page in [*pages, visit])
    assert "Non sappiamo se hai pagato" in visit
    assert phone.get(f"/pagamenti/ritorno/{token}/", headers={"HX-Request": "true"}).status_code == 204


def test_who_did_not_come_back_tries_again_on_the_same_page_or_on_a_new_one(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any], at: Any
) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")
    again = f"/pagamenti/ritorno/{pagopa[0].id}/riprova/"

    at("08:52")
    assert phone.post(again)["Location"] == "https://checkout.example/1", "pagoPA still has the page"
    at("08:59")
    assert phone.post(again)["Location"] == "https://checkout.example/2"
    assert "Non sappiamo se hai pagato" in phone.read(f"/pagamenti/ritorno/{pagopa[1].id}/")
    assert PaymentRequest.objects.count() == 1


def test_who_leaves_a_payment_may_do_with_the_notice_what_he_likes(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")

    left = text_of(phone.post(f"/pagamenti/ritorno/{pagopa[0].id}/lascia/", follow=True))

    assert "Va bene, lasciamo perdere. Se invece avevi pagato, il credito sale da solo." in left
    assert "Non sappiamo" not in left + phone.read("/")
    assert "Avviso eliminato" in text_of(phone.post(f"/pagamenti/avvisi/{made.pk}/elimina/", follow=True))


def test_a_payment_that_comes_cannot_be_left(valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")
    here = f"/pagamenti/ritorno/{pagopa[0].id}/"
    phone.get(f"{here}ok/")

    assert [phone.post(f"{here}{way}/")["Location"] for way in ("lascia", "riprova")] == [here, here]
    assert "Il pagamento sta arrivando" in phone.read(here)


def test_a_receipt_that_is_there_and_not_yet_booked_is_on_its_way(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")
    values = {"notice_number": made.notice_number, "amount_cents": 2000, "kept_at": clock.now()}
    Receipt.objects.create(receipt_id="iur-1", message_id=1, **values)

    pages = [phone.read(address) for address in ("/", "/pagamenti/", f"/pagamenti/ritorno/{pagopa[0].id}/")]

    assert ["Il pagamento sta arrivando" in page for page in pages] == [True] * 3
    assert "Non sappiamo" not in "".join(pages)


def test_the_other_parent_is_told_who_to_ask(valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/paga/")
    other = browser(valle.town, valle.families["haddad"].user)
    people.tie(child=valle.child("Anna"), guardian=valle.families["haddad"].guardian, is_payer=False)

    stopped = other.post(f"/pagamenti/avvisi/{made.pk}/paga/")

    assert stopped.status_code == 409
    assert "un altro adulto della famiglia ha aperto pagoPA" in text_of(stopped)
    assert "finisce da solo alle 9:17" in text_of(stopped)
    assert "Un altro adulto ha aperto pagoPA alle 8:47" in other.read("/")


@pytest.mark.parametrize(
    ("how", "why"), [("cancelled", "L’avviso era stato eliminato"), ("twice", "L’avviso era già pagato")]
)
def test_money_that_waits_for_the_office_is_told_where_a_family_looks(
    valle: Cast, ready: Family, phone: Browser, how: str, why: str
) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    if how == "twice":
        receive(made, iur="iur-0")
    else:
        phone.post(f"/pagamenti/avvisi/{made.pk}/elimina/")
    receipt = receive(made, iur="iur-1")

    with at_most(5):
        home = phone.read("/")
    pages = [home, phone.read("/pagamenti/")]

    assert all(f"{why}. Non sono persi: l’ufficio li accredita o ti contatta." in page for page in pages)
    assert "20,00 € arrivati: li controlla l’ufficio" in home
    parked.close(by=valle.staff["office"], receipt_pk=receipt.pk, why="Restituiti", now=clock.now())
    assert not any(why in phone.read(address) for address in ("/", "/pagamenti/"))


def test_an_amount_of_ones_own_is_asked_for_with_digits_and_limits(valle: Cast, phone: Browser) -> None:
    """Whoever taps Altro after the page was loaded finds the same field as who had it open."""
    page = phone.get("/pagamenti/ricarica/").content.decode()

    assert page.count('inputmode="decimal"') == 3
    assert page.count("Da 5\N{NO-BREAK SPACE}€ a 500\N{NO-BREAK SPACE}€.") == 3


def test_the_cost_of_the_pages_does_not_grow(valle: Cast, rossi: Family, phone: Browser) -> None:
    for number in range(12):
        prepare(valle, rossi, wish(valle))
        receive(prepare(valle, rossi, wish(valle))[0], iur=f"iur-{number}")

    with at_most(15):
        assert "Pagina 1 di 2" in phone.read("/pagamenti/")
    with at_most(7):
        phone.read("/pagamenti/avvisi/")
    paid = PaymentRequest.objects.filter(state="paid").values_list("pk", flat=True)[0]
    with at_most(7):
        phone.read(f"/pagamenti/avvisi/{paid}/")


def test_a_new_family_reads_when_the_pages_will_fill(valle: Cast, phone: Browser) -> None:
    assert "dalla prima che fai" in phone.read("/pagamenti/")
    assert "Nessun avviso da pagare" in phone.read("/pagamenti/avvisi/")
    assert "Nessun movimento" in phone.read(f"/pagamenti/movimenti/{valle.wallet('Luca').pk}/")


def test_several_notices_are_paid_with_one_fee(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.CheckoutCart]
) -> None:
    made = [prepare(valle, rossi, wish(valle))[0].pk for _ in range(6)]

    assert phone.post("/pagamenti/avvisi/paga/", {"avviso": made})["Location"] == "/pagamenti/avvisi/"
    assert "al massimo cinque avvisi" in phone.read("/pagamenti/avvisi/")
    assert phone.post("/pagamenti/avvisi/paga/", {"avviso": made[:5]})["Location"] == "https://checkout.example/1"
    assert len(pagopa[0].notices) == 5


def test_several_notices_made_at_once_are_said_chosen_and_summed(
    valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]
) -> None:
    """Who makes two lands on the list with those two chosen; each can be printed there, and none chosen stays none."""
    (older,) = prepare(valle, ready, wish(valle, cents=3000))
    anna, luca = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    form = {f"scelta-{anna}": "2000", f"scelta-{luca}": "5000", "fai": "prosegui"}
    check = phone.get("/pagamenti/ricarica/", form)["Location"]

    listed = phone.post(check.replace("controllo", "riepilogo"), {"modo": "avviso"}, follow=True)

    page = BeautifulSoup(listed.content, "html.parser")
    chosen = [int(box["value"]) for box in page.select("[name=avviso][checked]")]
    assert "Fatti 2 avvisi: li trovi qui, già scelti." in text_of(listed)
    assert sorted(chosen) == sorted(PaymentRequest.objects.exclude(pk=older.pk).values_list("pk", flat=True))
    assert "Totale, 2 ricariche 70,00 €" in text_of(listed)
    assert len(page.select("a[href$='avviso.pdf']")) == 3
    part = phone.get("/pagamenti/avvisi/", {"avviso": chosen[:1]}, headers={"HX-Request": "true"})
    assert text_of(part).split()[0] == "Totale"
    assert "Totale 0,00 €" in text_of(phone.get("/pagamenti/avvisi/", headers={"HX-Request": "true"}))
    none = phone.post("/pagamenti/avvisi/paga/", {})
    assert "Scegli almeno un avviso da pagare" in text_of(none)
    assert b" checked" not in none.content


def test_a_deleted_notice_is_still_found(valle: Cast, ready: Family, phone: Browser, at: Any) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/elimina/")

    with at_most(7):
        page = phone.read("/pagamenti/avvisi/")
    assert "Eliminati negli ultimi tre mesi Refezione di Anna 20,00 €, eliminato il 14 ottobre 2026" in page
    at("2027-02-14 08:00")
    assert "Eliminati" not in phone.read("/pagamenti/avvisi/")


def test_the_next_page_of_the_history_is_the_history(valle: Cast, ready: Family, phone: Browser) -> None:
    for number in range(12):
        receive(prepare(valle, ready, wish(valle))[0], iur=f"iur-{number}")

    page = phone.read("/pagamenti/", pagina="2")

    assert "Storico delle ricariche" in page
    assert "Pagina 2 di 2" in page
    assert "Il tuo credito" not in page


def test_a_notice_is_deleted_after_a_question(valle: Cast, rossi: Family, phone: Browser) -> None:
    request = prepare(valle, rossi, wish(valle))[0]
    address = f"/pagamenti/avvisi/{request.pk}/elimina/"

    assert "Elimini questo avviso?" in phone.read(address)
    assert PaymentRequest.objects.get().state == "open"
    phone.post(address)
    assert PaymentRequest.objects.get().state == "cancelled"
    assert "Avviso eliminato: Refezione di Anna" in phone.read("/pagamenti/avvisi/")
    assert phone.post(address)["Location"] == f"/pagamenti/avvisi/{request.pk}/", "a second tap is told, not an error"
    assert "già stato pagato oppure eliminato" in phone.read(f"/pagamenti/avvisi/{request.pk}/")


def test_a_deleted_notice_that_was_paid_has_its_receipt_once_the_office_has_placed_the_money(
    valle: Cast, ready: Family, phone: Browser
) -> None:
    (made,) = prepare(valle, ready, wish(valle))
    phone.post(f"/pagamenti/avvisi/{made.pk}/elimina/")
    receive(made)
    assert "Lo controlla l’ufficio" in phone.read(f"/pagamenti/avvisi/{made.pk}/")

    parked.resolve(
        by=valle.staff["office"],
        receipt_pk=Receipt.objects.get().pk,
        wallet_id=made.wallet_id,
        why="Pagato lo stesso",
        now=clock.now(),
    )

    page = phone.read(f"/pagamenti/avvisi/{made.pk}/")
    assert "Pagato" in page
    assert "L’avviso era stato eliminato, ma il pagamento è arrivato" in page
    assert "Scarica la ricevuta (PDF)" in page
    assert "fanne uno nuovo" not in page
    assert phone.get(f"/pagamenti/avvisi/{made.pk}/ricevuta.pdf").status_code == 200


def test_what_is_being_paid_is_not_deleted(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.CheckoutCart]
) -> None:
    request = prepare(valle, rossi, wish(valle))[0]
    phone.post(f"/pagamenti/avvisi/{request.pk}/paga/")

    phone.post(f"/pagamenti/avvisi/{request.pk}/elimina/")

    assert PaymentRequest.objects.get().state == "open"
    assert "Qualcuno ha aperto la pagina di pagoPA per questo importo" in phone.read(f"/pagamenti/avvisi/{request.pk}/")


def test_an_expired_notice_offers_a_new_one(valle: Cast, rossi: Family, phone: Browser, at: Any) -> None:
    request = prepare(valle, rossi, wish(valle, cents=2345))[0]
    at("2026-11-14 08:00")

    page = phone.read("/pagamenti/avvisi/")
    assert "scaduto il 13 novembre 2026" in page
    assert phone.get(f"/pagamenti/avvisi/{request.pk}/avviso.pdf").status_code == 404
    again = phone.get("/pagamenti/ricarica/", {"r": f"{request.wallet_id}-2345"}).content.decode()
    assert 'value="23,45"' in again


def test_papers_carry_no_name_in_their_names(valle: Cast, rossi: Family, phone: Browser) -> None:
    request = prepare(valle, rossi, wish(valle))[0]

    notice = phone.get(f"/pagamenti/avvisi/{request.pk}/avviso.pdf")

    assert notice["Content-Disposition"] == f'inline; filename="avviso-{request.notice_number}.pdf"'
    assert notice["Cache-Control"] == "private, no-store"


def test_a_payment_nobody_confirmed_says_so(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.CheckoutCart], at: Any
) -> None:
    request = prepare(valle, rossi, wish(valle))[0]
    phone.post(f"/pagamenti/avvisi/{request.pk}/paga/")
    at("09:18")

    assert "Non è arrivato nessun pagamento" in phone.read(f"/pagamenti/ritorno/{pagopa[0].id}/")
    Receipt.objects.create(
        receipt_id="late", message_id=1, notice_number=request.notice_number, amount_cents=2000, kept_at=clock.now()
    )
    top_up.book(receipt_pk=Receipt.objects.get().pk)
    assert "Ricarica ricevuta" in text_of(phone.get(f"/pagamenti/ritorno/{pagopa[0].id}/"))
