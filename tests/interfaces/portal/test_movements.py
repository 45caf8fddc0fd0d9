"""What moved the credit, as a parent reads it: line by line, month by month, with its reason."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.models import Wallet
from campanella.domains.ledger.rules import Source
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust, mealtime, pricing
from tests.browsing import Browser, at_most, browser
from tests.paying import prepare, receive, wish
from tests.towns import OFFICE, TODAY, Cast, Family


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    return browser(valle.town, ready.user)


def test_what_the_office_puts_right_is_told_with_its_reason_and_the_month_adds_up(
    valle: Cast, rossi: Family, phone: Browser
) -> None:
    valle.credit("Anna", 1000)
    receive(prepare(valle, rossi, wish(valle, cents=2000))[0])
    office, anna, now = valle.staff["office"], valle.wallet("Anna").pk, clock.now()
    for cents, reason in ((730, "errore di marzo"), (-1205, "pasto pagato due volte")):
        adjust.adjust(by=office, wallet_id=anna, amount=Euro(cents), reason=reason, key=reason, now=now)
    adjust.move(
        by=office,
        from_wallet_id=anna,
        to_wallet_id=valle.wallet("Luca").pk,
        amount=Euro(250),
        reason="chiesto",
        key="1",
        now=now,
    )
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=now)

    page = phone.read(f"/pagamenti/movimenti/{anna}/?mese=2026-10")

    assert "Correzione dell’ufficio pasto pagato due volte −12,05 €" in page
    assert "Correzione dell’ufficio errore di marzo +7,30 €" in page
    account = page[page.index("Il conto di") :]
    assert (
        "Ricariche e pagamenti +20,00 € Servizi usati −4,60 € Correzioni dell’ufficio −4,75 € Giroconti −2,50 €"
        " Saldo dal programma precedente +10,00 €" in account
    )
    assert valle.balance("Anna") == 2000 - 460 - 475 - 250 + 1000


def test_movements_open_on_this_month_and_lead_to_all(valle: Cast, rossi: Family, phone: Browser, at: Any) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())
    address = f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/"

    october = phone.read(address)
    at("2026-11-10 08:00")
    november, every = phone.read(address), phone.read(address, mese="tutti")

    assert "mercoledì 14 ottobre Pasto Presente all’appello" in october, "the day once"
    assert "Nel mese: 1 pasto." in october
    assert "Nessun movimento in questo mese" in november
    assert "Vedi tutti i mesi" in november
    assert "mercoledì 14 ottobre 2026 Pasto Presente" in every


def test_every_movement_says_what_and_why(valle: Cast, rossi: Family, phone: Browser) -> None:
    valle.credit("Anna", 5000)
    wallet, now = valle.wallet("Anna").pk, clock.now()
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=now)
    mealtime.correct(
        by=valle.staff["office"],
        child_id=valle.child("Anna").pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=False,
        reason="La maestra ha telefonato",
        now=now,
    )
    receive(prepare(valle, rossi, wish(valle))[0])

    with at_most(11):
        page = phone.read(f"/pagamenti/movimenti/{wallet}/")
    for words in (
        "Ricarica Pagata con Banca Ricevuta del 14/10 8:47 +20,00 € credito 70,00 €",
        "mercoledì 14 ottobre Correzione: pasto La maestra ha telefonato +4,60 € credito 50,00 €",
        "mercoledì 14 ottobre Pasto Poi corretto: era assente −4,60 € credito 45,40 €",
        "Saldo dal programma precedente Saldo iniziale +50,00 € credito 50,00 €",
    ):
        assert words in page, words
    month = phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-10")
    assert "Il conto di ottobre 2026" in month
    assert "Nessun movimento" in phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-09")
    assert "14 ottobre 2026 Pasto" in phone.read(f"/pagamenti/movimenti/{wallet}/", mese="garbage", prima="x")


def test_a_price_that_changed_is_no_correction(valle: Cast, rossi: Family, phone: Browser, at: Any) -> None:
    """The office writes another tariff from yesterday: the money moves, and nobody has corrected the child's day."""
    anna, office = valle.child("Anna"), valle.staff["office"]
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    for moment, code in (("2026-10-15 10:00", "half"), ("2026-10-15 11:00", "full")):
        at(moment)
        line = next(line for line in enrolment.subscriptions_of(child_id=anna.pk) if line.service_code == "mensa")
        pricing.change_price(
            by=office,
            child_id=anna.pk,
            subscription_id=line.id,
            reduction_percent=0,
            first=TODAY,
            now=clock.now(),
            bracket=Bracket.objects.select_related("tariff__service").get(tariff__service__code="mensa", code=code),
        )

    page = phone.read(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/")
    for amount in ("+1,50 €", "−1,50 €"):
        words = f"Ricalcolo: pasto di mercoledì 14 ottobre Differenza per la tariffa di quel giorno {amount}"
        assert words in page, words
    day = phone.read(f"/presenze/{anna.pk}/2026-10-14/")
    assert day.count("Differenza per la tariffa di quel giorno") == 2
    child = browser(valle.town, office).read(f"/ufficio/bambini/{anna.pk}/movimenti/")
    assert child.count("Ricalcolo: pasto di mercoledì 14 ottobre Differenza per la tariffa di quel giorno") == 2
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

    for service in ("Scuolabus", "Pasto"):
        assert f"mercoledì 14 ottobre {service} " in page
        assert f"{service} di mercoledì 14 ottobre" in table


def test_movements_go_on_page_after_page_at_the_same_cost(valle: Cast, phone: Browser) -> None:
    wallet = valle.wallet("Anna").pk
    for cents in range(1, 61):
        valle.credit("Anna", cents)

    with at_most(8):
        first = phone.get(f"/pagamenti/movimenti/{wallet}/", {"mese": "tutti"})
    words = first.content.decode()
    assert words.count("Saldo dal programma precedente") == 50
    after = words.split("prima=")[1].split('"')[0]
    assert (
        phone.get(f"/pagamenti/movimenti/{wallet}/", {"mese": "tutti", "prima": after}).content.decode().count("Saldo dal")
        == 10
    )


def test_every_month_has_one_clock(valle: Cast, phone: Browser, at: Any) -> None:
    """A meal of September given back in November is of November: the opening and the movements make the closing."""
    wallet, meal = valle.wallet("Anna").pk, valle.services["mensa"]
    days = [date(2026, 9, 28), date(2026, 10, 12), date(2026, 11, 2)]
    at("2026-09-20 08:00")
    valle.credit("Anna", 5000)
    for day in days:
        at(f"{day} 09:00")
        mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(day=day), absent_ids=[], adults=0, now=clock.now())
    at("2026-11-27 10:00")
    about = {"by": OFFICE, "child_id": valle.child("Anna").pk, "service": meal, "is_present": False}
    mealtime.correct(**about, day=days[0], reason="era a casa", now=clock.now())
    opening = 0
    for month, closing in (("2026-09", 4540), ("2026-10", 4080), ("2026-11", 4080)):
        answer = phone.get(f"/pagamenti/movimenti/{wallet}/movimenti.csv", {"mese": month})
        rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]
        amounts = [cents(row[4]) for row in rows[1:-1]]
        assert (cents(rows[0][5]), cents(rows[-1][5])) == (closing, opening)
        assert opening + sum(amounts) == closing
        # The credit beside each line is the one below it and what the line has moved.
        assert [cents(row[5]) for row in rows[:-1]] == [closing, *(opening + sum(amounts[n:]) for n in range(len(amounts)))]
        page = phone.read(f"/pagamenti/movimenti/{wallet}/", mese=month)
        assert f"Credito all’inizio {written(opening)}" in page
        assert f"Credito alla fine {written(closing)}" in page
        opening = closing
    assert "27 novembre Correzione: pasto di lunedì 28 settembre era a casa +4,60 €" in page
    office = browser(valle.town, valle.staff["office"])
    theirs = office.read(f"/ufficio/bambini/{about['child_id']}/movimenti/")
    assert "27/11/2026 Correzione: pasto di lunedì 28 settembre era a casa +4,60 €" in theirs


def test_a_movement_is_booked_after_those_that_were_committed_before(valle: Cast, phone: Browser, at: Any) -> None:
    """A request of October that had to wait comes after one of November that did not: it is of November too."""
    wallet, clearing = valle.wallet("Anna").pk, ledger.account(kind="clearing", code="pagopa").pk
    for number, moment in ((1, "2026-11-01 00:00"), (2, "2026-10-31 23:59")):
        at(moment)
        movement = ledger.Movement(Source.of_receipt(f"iur{number}"), wallet, clearing, Euro(1000 * number))
        ledger.post(movements=[movement], kind="top_up", day=clock.today(), memo="Ricarica", by_id=None, now=clock.now())
    at("2026-11-02 08:00")
    page = phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-11")
    assert page.index("+20,00 € credito 30,00 €") < page.index("+10,00 € credito 10,00 €")
    assert "Nessun movimento" in phone.read(f"/pagamenti/movimenti/{wallet}/", mese="2026-10")


def test_the_account_of_a_month_of_many_movements_is_whole(valle: Cast, phone: Browser) -> None:
    for cents_ in range(1, 61):
        valle.credit("Anna", cents_)
    page = phone.read(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/", mese="2026-10")
    assert "Il conto di ottobre 2026 Credito all’inizio 0,00 € Saldo dal programma precedente +18,30 €" in page


def written(cents: int) -> str:
    return str(Euro(cents)).replace("\xa0", " ")


def cents(amount: str) -> int:
    """Read an amount of a table."""
    return int(amount.replace(",", ""))


def test_the_table_is_harmless_in_a_spreadsheet(valle: Cast, phone: Browser) -> None:
    valle.credit("Anna", 5000)
    answer = phone.get(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/movimenti.csv")

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Registrato il", "Del giorno", "Che cosa", "Perché", "Importo", "Credito"]
    days = ["14/10/2026", "14/10/2026"]
    assert rows[1] == [*days, "Saldo dal programma precedente", "Saldo iniziale", "50,00", "50,00"]
    assert answer["Content-Disposition"] == 'inline; filename="movimenti.csv"'
