"""Exports for the town's accounts: every figure is the book's, VAT is divided once a day and service."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from campanella.domains.ledger.models import Wallet
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office import exports
from campanella.usecases import mealtime
from tests.browsing import Browser, browser
from tests.readings.certificates.paying import pay
from tests.towns import OFFICE, Cast
from tests.usecases.debiting.conftest import Bank, asked, bank, booked, debited  # noqa: F401

PAGE = "/ufficio/esportazioni/"
MONDAY, TUESDAY = date(2026, 10, 19), date(2026, 10, 20)
QUERY = {"dal": "2026-10-01", "al": "2026-10-31"}


@pytest.fixture
def lived(valle: Cast, at: Any) -> Cast:
    """Two days of meals and rides of class 2B, one meal given back, a payment; then it is January."""
    pay(valle, "Anna", 600, date(2026, 10, 16))
    for day in (MONDAY, TUESDAY):
        at(f"{day} 09:00")
        for service in valle.services:
            call = valle.roll_call(service=service, day=day)
            mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=2, now=clock.now())
    at("2026-10-20 10:00")
    given_back: dict[str, Any] = {"is_present": False, "reason": "era a casa", "now": clock.now()}
    luca, meal = valle.child("Luca").pk, valle.services["mensa"]
    mealtime.correct(by=OFFICE, child_id=luca, service=meal, day=MONDAY, **given_back)
    at("2027-01-12 10:00")
    return valle


def office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def sheet(cast: Cast, what: str, **query: str) -> list[dict[str, str]]:
    text = office(cast).get(f"{PAGE}{what}.csv", query or QUERY).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def test_entries_are_summed_by_day_and_service_and_their_vat_adds_up(lived: Cast) -> None:
    rows = sheet(lived, "scritture")
    meals = [row for row in rows if row["Servizio"] == "Refezione"]
    # Twice 4,60 and 3,10 a day; on Tuesday 3,10 of Monday go back, in a line of their own.
    assert [(row["Giorno"], row["Dare"], row["Avere"], row["Importo"]) for row in meals] == [
        ("19/10/2026", "Borsellini", "Ricavi: Refezione", "12,30"),
        ("20/10/2026", "Ricavi: Refezione", "Borsellini", "3,10"),
        ("20/10/2026", "Borsellini", "Ricavi: Refezione", "12,30"),
    ]
    assert [(row["IVA"], row["Imponibile"], row["Imposta"]) for row in meals] == [
        ("IVA 4%", "11,83", "0,47"),
        ("IVA 4%", "2,98", "0,12"),
        ("IVA 4%", "11,83", "0,47"),
    ]
    (paid,) = [row for row in rows if row["Che cosa"] == "Incassi pagoPA"]
    assert (paid["Giorno"], paid["Dare"], paid["Importo"]) == ("16/10/2026", "Incassi da riversare: pagopa", "6,00")


def test_meals_by_school_count_presences_and_adults(lived: Cast) -> None:
    assert [tuple(row.values()) for row in sheet(lived, "pasti")] == [
        ("Primaria Rodari", "Refezione", "5", "5", "4"),
        ("Primaria Rodari", "Scuolabus", "2", "2", "4"),
    ]


def test_coverage_is_what_families_pay_of_what_it_costs(lived: Cast) -> None:
    words = office(lived).read(PAGE, **QUERY, costo="7,40")
    # 21,50 came in for five meals that cost 37,00.
    assert "Refezione 5 giorni addebitati 21,50 € copertura 58,1%" in words
    assert "Scuolabus 2 giorni addebitati 3,00 € copertura 20,3%" in words
    assert "Refezione 5 giorni addebitati 21,50 € copertura –" in office(lived).read(PAGE, **QUERY)
    november = office(lived).read(PAGE, dal="2026-11-01", al="2026-11-30", costo="7,40")
    assert "Refezione 0 giorni addebitati 0,00 € copertura –" in november


def test_debts_are_as_old_as_what_is_not_paid_yet(lived: Cast, at: Any) -> None:
    at("2026-11-10 09:00")
    call = lived.roll_call(day=date(2026, 11, 10))
    mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=None, now=clock.now())
    at("2027-01-25 10:00")
    found = {debt.child_code: debt for debt in exports.debts(today=clock.today()) if debt.service_name == "Refezione"}
    anna, luca = found[lived.child("Anna").code], found[lived.child("Luca").code]
    # Anna owes 13,80 less 6,00 paid: November's meal whole, and the newest part of October's.
    assert (anna.amount, anna.parts) == (Euro(780), (Euro(0), Euro(0), Euro(460), Euro(320), Euro(0)))
    # Luca's Monday was given back: what he owes is Tuesday's and November's.
    assert luca.parts == (Euro(0), Euro(0), Euro(310), Euro(310), Euro(0))
    below = Wallet.objects.filter(balance_cents__lt=0).values_list("balance_cents", flat=True)
    assert sum(debt.amount.cents for debt in exports.debts(today=clock.today())) == -sum(below)
    rows = sheet(lived, "debiti")
    assert {row["Codice bambino"]: row["Debito"] for row in rows if row["Servizio"] == "Refezione"} == {
        code: debt.amount.plain() for code, debt in found.items()
    }


@pytest.mark.parametrize(
    ("days", "place"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (180, 3), (181, 4)]
)
def test_the_age_of_a_debt(days: int, place: int) -> None:
    today = date(2027, 1, 12)
    assert exports.age_of(day=date.fromordinal(today.toordinal() - days), today=today) == place


def test_a_debt_of_the_former_software_is_the_oldest(valle: Cast) -> None:
    valle.credit("Luca", -4000)
    (debt,) = exports.debts(today=clock.today())
    assert (debt.amount, debt.parts) == (Euro(4000), (Euro(4000), Euro(0), Euro(0), Euro(0), Euro(0)))


def test_a_debit_that_came_back_makes_no_old_debt_new(debited: Cast, bank: Bank) -> None:  # noqa: F811
    """October's days, collected on the seventh of December and returned on the last of January."""
    one = asked()
    booked(date(2026, 12, 7))
    bank.hear((one.end_to_end_id, "MS02", one.cents), form="return", on=date(2027, 1, 25))

    owed = [debt for debt in exports.debts(today=date(2027, 2, 1)) if debt.child_code == debited.child("Anna").code]

    assert [debt.parts for debt in owed] == [(Euro(0), Euro(0), Euro(0), Euro(1380), Euro(0))]


def test_an_unknown_export_is_not_there(valle: Cast) -> None:
    assert office(valle).get(f"{PAGE}altro.csv").status_code == 404
    assert office(valle).get(f"{PAGE}pasti.pdf").status_code == 404
    assert office(valle).get(f"{PAGE}pasti.xlsx").content[:2] == b"PK"
