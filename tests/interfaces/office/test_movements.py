"""The office reads the movements of a child wallet by wallet, and every figure is the book's."""

import csv
import re
from datetime import date
from io import StringIO
from typing import Any

import pytest

from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.models import Transfer
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust, mealtime
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, Cast, text_of

SEPTEMBER, OCTOBER = date(2026, 9, 28), date(2026, 10, 12)
NAMES = {"mensa": "Refezione", "scuolabus": "Scuolabus"}


@pytest.fixture
def lived(valle: Cast, at: Any) -> Cast:
    """Two months of Anna: meals and rides, a correction, a passage from her meals to her bus, an adjustment."""
    anna, office = valle.child("Anna"), valle.staff["office"]
    at("2026-09-20 08:00")
    valle.credit("Anna", 5000)
    valle.credit("Anna", 1000, service="scuolabus")
    for day in (SEPTEMBER, OCTOBER):
        at(f"{day} 09:00")
        for service in NAMES:
            call = valle.roll_call(service=service, day=day)
            mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=None, now=clock.now())
    at("2026-10-20 10:00")
    meal = valle.services["mensa"]
    mealtime.correct(
        by=OFFICE, child_id=anna.pk, service=meal, day=SEPTEMBER, is_present=False, reason="era a casa", now=clock.now()
    )
    wallets = {service: valle.wallet("Anna", service).pk for service in NAMES}
    giver, taker = wallets["mensa"], wallets["scuolabus"]
    about = {"by": office, "now": clock.now()}
    adjust.move(**about, from_wallet_id=giver, to_wallet_id=taker, amount=Euro(700), reason="giro", key="abcdefghijklmnop")
    adjust.adjust(**about, wallet_id=taker, amount=Euro(-25), reason="resto", key="qrstuvwxyz012345")
    return valle


def the_office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def cents(text: str) -> int:
    return round(float(text.replace(",", ".")) * 100)


def sheet(cast: Cast, **filters: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the sheet by wallet, oldest first."""
    answer = the_office(cast).get(f"/ufficio/bambini/{cast.child('Anna').pk}/movimenti.csv", filters)
    found: dict[str, list[dict[str, str]]] = {}
    for row in list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[::-1]:
        found.setdefault(row["Borsellino"], []).append(row)
    return found


def book(wallet: Any) -> int:
    """Sum a wallet's transfers, from the table itself."""
    taken = Transfer.objects.filter(debit_id=wallet.account_id).values_list("cents", flat=True)
    return sum(Transfer.objects.filter(credit_id=wallet.account_id).values_list("cents", flat=True)) - sum(taken)


def test_each_wallet_has_its_own_table_and_its_own_running_credit(lived: Cast) -> None:
    page = the_office(lived).get(f"/ufficio/bambini/{lived.child('Anna').pk}/movimenti/")
    sections = re.findall(r"<section.*?</section>", page.content.decode(), re.DOTALL)
    assert len(sections) == 2, "one for each wallet"
    for section, service in zip(sections, NAMES, strict=True):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section))
        assert NAMES[service] in text
        table = re.findall(r'<tr role="row">.*?</tr>', section, re.DOTALL)[1:]
        pairs = [re.findall(r"([+−]?\d+,\d\d)\xa0€", row) for row in table]
        credit = 0
        for amount, after in reversed([(cents(a.replace("−", "-")), cents(b.replace("−", "-"))) for a, b in pairs]):
            credit += amount
            assert credit == after, f"{service}: a line's credit is the one before and its amount"
        assert credit == lived.balance("Anna", service) == book(lived.wallet("Anna", service))
    assert "12/10/2026 Pasto Presente all’appello delle 9:00" in text_of(page), "the words the family reads"


@pytest.mark.parametrize(
    "span",
    [{}, {"dal": "2026-10-01", "al": "2026-10-31"}, {"dal": "2026-10-01"}, {"al": "2026-09-30"}, {"dal": "2026-10-15"}],
)
def test_the_sheet_is_the_book(lived: Cast, span: dict[str, str]) -> None:
    found = sheet(lived, **span)
    assert set(found) == set(NAMES.values())
    page = the_office(lived).read(f"/ufficio/bambini/{lived.child('Anna').pk}/movimenti/", **span)
    first = date.fromisoformat(span.get("dal", "2026-01-01"))
    last = date.fromisoformat(span.get("al", "2026-12-31"))
    for service, name in NAMES.items():
        opening, *lines, closing = found[name]
        wallet = lived.wallet("Anna", service)
        account = ledger.account_of(wallet_id=wallet.pk, first=first, last=last)
        assert (cents(opening["Credito"]), cents(closing["Credito"])) == (account.opening.cents, account.closing.cents)
        running = account.opening.cents
        for line in lines:
            running += cents(line["Importo"])
            assert running == cents(line["Credito"])
        assert running == account.closing.cents
        if "al" not in span:
            assert running == book(wallet)
        for words in (f"all’inizio {account.opening.italian()}", f"alla fine {account.closing.italian()}"):
            assert f"Credito {words}".replace("\xa0", " ") in page


def test_one_wallet_and_some_days_are_chosen(lived: Cast) -> None:
    office, address = the_office(lived), f"/ufficio/bambini/{lived.child('Anna').pk}/movimenti/"
    meals = str(lived.wallet("Anna").pk)

    page = office.read(address, borsellino=meals, dal="2026-10-15", al="2026-10-31")

    assert "Correzione: pasto di lunedì 28 settembre era a casa" in page
    assert "12/10/2026" not in page
    assert "Giorno di" not in page, "no ride"
    assert "Nessun movimento in questi giorni" in office.read(address, dal="2026-08-01", al="2026-08-31")
    assert set(sheet(lived, borsellino=meals)) == {"Refezione"}
    # Upside down is turned; another child's wallet and nonsense are as if nothing was asked.
    assert "era a casa" in office.read(address, dal="2026-10-31", al="2026-10-15")
    for odd in (str(lived.wallet("Luca").pk), "9" * 40, "x"):
        assert "Scuolabus adesso" in office.read(address, borsellino=odd, dal="ieri")


def test_many_movements_are_paged_within_their_wallet(lived: Cast, at: Any) -> None:
    office, wallet = lived.staff["office"], lived.wallet("Anna", "scuolabus").pk
    for number in range(120):
        key = f"molte-rettifiche-{number:04}"
        adjust.adjust(by=office, wallet_id=wallet, amount=Euro(1), reason="prova", key=key, now=clock.now())
    desk, address = the_office(lived), f"/ufficio/bambini/{lived.child('Anna').pk}/movimenti/"
    with at_most(20):
        page = desk.get(address).content.decode()
    assert "Tutti i movimenti" in page
    rows, more = 0, f"?borsellino={wallet}"
    while more:
        with at_most(20):
            page = desk.get(address + more).content.decode()
        rows += page.count('<tr role="row">') - 1
        nexts = re.findall(r'rel="next" href="([^"]+)"', page)
        more = nexts[0].replace("&amp;", "&") if nexts else ""
    assert rows == len(ledger.movements_of(wallet_id=wallet, limit=1000)) == 125
