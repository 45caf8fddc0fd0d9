"""Pagamenti, notices and movements as a parent reads them."""

import csv
from io import StringIO
from typing import Any

import pytest

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.models import Wallet
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import enrolling, mealtime, parked, top_up
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

    with at_most(14):
        page = phone.read("/pagamenti/")
    assert "Anna · Refezione Movimenti 36,80 € circa 8 pasti" in page
    assert "50,00 € 1 avviso, entro il 13 novembre 2026" in page
    assert "Refezione di Luca 14 ottobre 2026, ricevuta 31,00 €" in page


def test_a_wallet_for_all_services_is_counted_alike_on_every_page(valle: Cast, phone: Browser) -> None:
    shared = ledger.open_wallet(child=valle.child("Anna"), service_id=None)
    opening = ledger.account(kind="opening", code="test")
    movement = ledger.Movement(source="opening:all", wallet_id=shared.pk, other_id=opening.pk, amount=Euro(3220))
    ledger.post(movements=[movement], kind="opening", day=TODAY, memo="Saldo iniziale", by_id=None, now=clock.now())

    top_up_of = f"/pagamenti/ricarica/?servizio={shared.pk}&fai=aggiungi"

    told = [phone.read(address) for address in ("/", "/anagrafica/", "/pagamenti/", top_up_of)]

    assert ["circa 7 pasti" in page for page in told] == [True] * 4


def test_what_is_paid_together_is_told_together(valle: Cast, ready: Family, phone: Browser, pagopa: list[Any]) -> None:
    made = prepare(valle, ready, wish(valle), wish(valle, cents=1500, service="scuolabus"), wish(valle, "Luca", 1000))
    phone.post("/pagamenti/avvisi/paga/", {"avviso": [position.pk for position in made]})

    page, home = phone.get("/pagamenti/").content.decode(), phone.read("/")

    assert "3 ricariche, 45,00\N{NO-BREAK SPACE}€: a che punto è" in page
    assert page.count("a che punto è") == 1
    assert "Pagamento in corso: 35,00 € Refezione 20,00 €, Scuolabus 15,00 €. Il credito si aggiorna da solo" in home
    assert "Pagamento in corso: 10,00 € Il credito si aggiorna da solo" in home


def test_an_amount_of_ones_own_is_asked_for_with_digits_and_limits(valle: Cast, phone: Browser) -> None:
    """Whoever taps Altro after the page was loaded finds the same field as who had it open."""
    page = phone.get("/pagamenti/ricarica/").content.decode()

    assert page.count('inputmode="decimal"') == 3
    assert page.count("Da 5\N{NO-BREAK SPACE}€ a 500\N{NO-BREAK SPACE}€.") == 3


def test_the_cost_of_the_pages_does_not_grow(valle: Cast, rossi: Family, phone: Browser) -> None:
    for number in range(12):
        prepare(valle, rossi, wish(valle))
        receive(prepare(valle, rossi, wish(valle))[0], iur=f"iur-{number}")

    with at_most(14):
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
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.Cart]
) -> None:  # fmt: skip
    made = [prepare(valle, rossi, wish(valle))[0].pk for _ in range(6)]

    assert phone.post("/pagamenti/avvisi/paga/", {"avviso": made})["Location"] == "/pagamenti/avvisi/"
    assert "al massimo cinque avvisi" in phone.read("/pagamenti/avvisi/")
    assert phone.post("/pagamenti/avvisi/paga/", {"avviso": made[:5]})["Location"] == "https://checkout.example/1"
    assert len(pagopa[0].notices) == 5
    assert phone.post("/pagamenti/avvisi/paga/", {})["Location"] == "/pagamenti/avvisi/"


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
        by=valle.staff["office"], receipt_pk=Receipt.objects.get().pk, wallet_id=made.wallet_id, why="Pagato lo stesso",
        now=clock.now(),
    )  # fmt: skip

    page = phone.read(f"/pagamenti/avvisi/{made.pk}/")
    assert "Pagato" in page
    assert "L’avviso era stato eliminato, ma il pagamento è arrivato" in page
    assert "Scarica la ricevuta (PDF)" in page
    assert "fanne uno nuovo" not in page
    assert phone.get(f"/pagamenti/avvisi/{made.pk}/ricevuta.pdf").status_code == 200


def test_what_is_being_paid_is_not_deleted(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.Cart]
) -> None:  # fmt: skip
    request = prepare(valle, rossi, wish(valle))[0]
    phone.post(f"/pagamenti/avvisi/{request.pk}/paga/")

    phone.post(f"/pagamenti/avvisi/{request.pk}/elimina/")

    assert PaymentRequest.objects.get().state == "open"
    assert "c’è già un pagamento in corso" in phone.read(f"/pagamenti/avvisi/{request.pk}/")


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


def test_every_movement_says_what_and_why(valle: Cast, rossi: Family, phone: Browser) -> None:
    valle.credit("Anna", 5000)
    wallet, now = valle.wallet("Anna").pk, clock.now()
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=now)
    mealtime.correct(
        by=valle.staff["office"], child_id=valle.child("Anna").pk, service=valle.services["mensa"], day=TODAY,
        is_present=False, reason="La maestra ha telefonato", now=now,
    )  # fmt: skip
    receive(prepare(valle, rossi, wish(valle))[0])

    with at_most(11):
        page = phone.read(f"/pagamenti/movimenti/{wallet}/")
    for words in (
        "Ricarica Pagata con Banca Ricevuta del 14/10 8:47 +20,00 € credito 70,00 €",
        "Correzione: pasto di mercoledì 14 ottobre La maestra ha telefonato +4,60 € credito 50,00 €",
        "Pasto di mercoledì 14 ottobre",
        "−4,60 € credito 45,40 €",
        "Saldo dal programma precedente Saldo iniziale +50,00 € credito 50,00 €",
    ):
        assert words in page, words
    month = phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-10")
    assert "Il conto di ottobre 2026" in month
    assert "Nessun movimento" in phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-09")
    assert "Pasto di" in phone.read(f"/pagamenti/movimenti/{wallet}/", mese="garbage", prima="x")


def test_a_price_that_changed_is_no_correction(valle: Cast, rossi: Family, phone: Browser, at: Any) -> None:
    """The office writes another tariff from yesterday: the money moves, and nobody has corrected the child's day."""
    anna, office = valle.child("Anna"), valle.staff["office"]
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    for moment, code in (("2026-10-15 10:00", "half"), ("2026-10-15 11:00", "full")):
        at(moment)
        line = next(line for line in enrolment.subscriptions_of(child_id=anna.pk) if line.service_code == "mensa")
        enrolling.change_price(
            by=office, child_id=anna.pk, subscription_id=line.id, reduction_percent=0, first=TODAY, now=clock.now(),
            bracket=Bracket.objects.select_related("tariff__service").get(tariff__service__code="mensa", code=code),
        )  # fmt: skip

    page = phone.read(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/")
    for amount in ("+1,50 €", "−1,50 €"):
        words = f"Ricalcolo: pasto di mercoledì 14 ottobre Differenza per la tariffa di quel giorno {amount}"
        assert words in page, words
    day = phone.read(f"/presenze/{anna.pk}/2026-10-14/")
    assert day.count("Differenza per la tariffa di quel giorno") == 2
    child = browser(valle.town, office).read(f"/ufficio/bambini/{anna.pk}/movimenti/")
    assert child.count("Ricalcolo: Refezione Differenza per la tariffa di quel giorno") == 2
    for text in (page, day, child):
        assert "orrezione" not in text
        assert "Aggiunto" not in text


def test_a_wallet_of_all_services_says_which_one(valle: Cast, rossi: Family, phone: Browser) -> None:
    Wallet.objects.filter(child=valle.child("Anna")).delete()
    shared = ledger.open_wallet(child=valle.child("Anna"), service_id=None)
    for service in ("mensa", "scuolabus"):
        call = valle.roll_call(service=service)
        mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=None, now=clock.now())

    page = phone.read(f"/pagamenti/movimenti/{shared.pk}/")
    table = phone.get(f"/pagamenti/movimenti/{shared.pk}/movimenti.csv").content.decode()

    for text in (page, table):
        assert "Scuolabus di mercoledì 14 ottobre" in text
        assert "Pasto di mercoledì 14 ottobre" in text


def test_movements_go_on_page_after_page_at_the_same_cost(valle: Cast, phone: Browser) -> None:
    wallet = valle.wallet("Anna").pk
    for cents in range(1, 61):
        valle.credit("Anna", cents)

    with at_most(8):
        first = phone.get(f"/pagamenti/movimenti/{wallet}/")
    words = first.content.decode()
    assert words.count("Saldo dal programma precedente") == 50
    after = words.split("prima=")[1].split('"')[0]
    assert phone.get(f"/pagamenti/movimenti/{wallet}/", {"prima": after}).content.decode().count("Saldo dal") == 10


def test_the_table_is_harmless_in_a_spreadsheet(valle: Cast, phone: Browser) -> None:
    valle.credit("Anna", 5000)
    answer = phone.get(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/movimenti.csv")

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Giorno", "Che cosa", "Perché", "Importo", "Credito"]
    assert rows[1] == ["14/10/2026", "Saldo dal programma precedente", "Saldo iniziale", "50,00", "50,00"]
    assert answer["Content-Disposition"] == 'inline; filename="movimenti.csv"'


def test_a_payment_nobody_confirmed_says_so(
    valle: Cast, rossi: Family, phone: Browser, pagopa: list[checkout.Cart], at: Any
) -> None:  # fmt: skip
    request = prepare(valle, rossi, wish(valle))[0]
    phone.post(f"/pagamenti/avvisi/{request.pk}/paga/")
    at("09:18")

    assert "Non è arrivato nessun pagamento" in phone.read(f"/pagamenti/ritorno/{pagopa[0].id}/")
    Receipt.objects.create(
        receipt_id="late", message_id=1, notice_number=request.notice_number, amount_cents=2000, kept_at=clock.now()
    )
    top_up.book(receipt_pk=Receipt.objects.get().pk)
    assert "Ricarica ricevuta" in text_of(phone.get(f"/pagamenti/ritorno/{pagopa[0].id}/"))
