"""
Lissone: an ISEE received by the 15th counts from the 1st of the month, one minute later from the next; by the town's clock.

The eleven meals of 1 to 15 October were charged 4,50 € and cost 3,05 €: 15,95 € come back, once.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campanella.domains.enrolment.models import IseeDeclaration
from campanella.domains.ledger import queries as ledger
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.tariffs import let_pay, load, prices, serve
from tests.towns import Cast, Family, run_jobs

MEALS = [date(2026, 10, day) for day in (1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15)]
ISEE = {"key": "abcdefghijklmnop", "amount": "9.800,00", "kind": "ordinary", "issued_on": "2026-03-02", "household": "4"}
At = Callable[[str], Any]


@pytest.fixture
def eaten(valle: Cast, at: At) -> Cast:
    let_pay(valle, load(), "Anna")
    for day in MEALS:
        at(f"{day} 09:00")
        serve(valle, day, absent=("Luca", "Amina"))
    assert valle.balance("Anna") == -11 * 450
    return valle


def test_eleven_meals_come_back_once(eaten: Cast, rossi: Family, at: At) -> None:
    at("2026-10-15 23:59:30")
    mother = phone(rossi.user)
    assert mother.post("/anagrafica/isee/", ISEE).status_code == 302
    assert "9.800,00 € ordinario attestato il 2 marzo 2026" in words(mother.get("/anagrafica/isee/"))
    assert eaten.balance("Anna") == -11 * 450, "nothing moves before the office has looked"

    at("2026-10-20 10:00")
    office = browser(eaten.town, eaten.staff["office"])
    assert "ISEE 1 da controllare" in office.read("/ufficio/da-fare/")
    (declared,) = IseeDeclaration.objects.all()
    page = f"/ufficio/isee/{declared.pk}/"
    assert "11 giorni già addebitati cambiano: si restituiscono 15,95" in office.read(page)
    for _ in range(2):
        office.post(page, {"fai": "controlla", "told": "-1595"})
    assert eaten.balance("Anna") == -11 * 305

    lines = [line for line in ledger.movements_of(wallet_id=eaten.wallet("Anna").pk) if line.at == clock.now()]
    assert sorted((line.day, line.amount.cents, line.memo) for line in lines) == [
        (day, 145, "Refezione: ISEE ricevuto il 15/10/2026") for day in MEALS
    ]
    told = words(mother.get("/anagrafica/isee/"))
    assert "controllato" in told
    because = "ISEE 9.800,00 € presentato il 15/10/2026, vale dal 01/10/2026; Fino a 11.000: 3,05 € al giorno."
    assert because in told.replace("\xa0", " ")
    assert because in office.read(f"/ufficio/bambini/{eaten.child('Anna').pk}/").replace("\xa0", " ")
    run_jobs()


def test_a_minute_later_it_is_november(eaten: Cast, rossi: Family, at: At) -> None:
    # Still the 15th in UTC.
    at("2026-10-16 00:30")
    phone(rossi.user).post("/anagrafica/isee/", ISEE)
    (declared,) = IseeDeclaration.objects.all()
    at("2026-10-20 10:00")
    office = browser(eaten.town, eaten.staff["office"])
    office.post(f"/ufficio/isee/{declared.pk}/", {"fai": "controlla", "told": "0"})
    assert prices(eaten, "Anna") == [(date(2026, 9, 15), 450, "Piena"), (date(2026, 11, 1), 305, "Fino a 11.000")]
    assert eaten.balance("Anna") == -11 * 450


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"amount": "-1"}, "L’importo non può essere negativo"),
        ({"amount": "dodicimila"}, "Questo non è un importo"),
        ({"issued_on": "2025-11-03"}, "Questo ISEE è del 2025 ed è scaduto il 31/12/2025: serve quello del 2026."),
        ({"issued_on": "2026-12-01"}, "La data dell’attestazione è dopo il giorno in cui è arrivata"),
        ({"issued_on": ""}, "Scegli la data che c’è sull’attestazione."),
    ],
)
def test_what_is_no_isee_is_told_and_nothing_is_lost(valle: Cast, rossi: Family, wrong: dict[str, str], told: str) -> None:
    mother = phone(rossi.user)
    answer = words(mother.post("/anagrafica/isee/", ISEE | wrong))
    assert told in answer
    assert not IseeDeclaration.objects.exists()


@pytest.mark.parametrize("written", ["12.345,67", "12345.67", "12345,67", "€ 12.345,67"])
def test_an_amount_is_read_as_people_write_it(valle: Cast, rossi: Family, written: str) -> None:
    mother = phone(rossi.user)
    for _ in range(2):
        mother.post("/anagrafica/isee/", ISEE | {"amount": written})
    assert [one.cents for one in IseeDeclaration.objects.all()] == [1_234_567]


def test_who_does_not_pay_does_not_see_it(valle: Cast, rossi: Family) -> None:
    phone(rossi.user).post("/anagrafica/isee/", ISEE)
    other = phone(valle.families["haddad"].user)
    assert "9.800" not in words(other.get("/anagrafica/isee/"))
    for role in ("school", "kitchen", "cashier"):
        (declared,) = IseeDeclaration.objects.all()
        assert browser(valle.town, valle.staff[role]).get(f"/ufficio/isee/{declared.pk}/").status_code == 403
