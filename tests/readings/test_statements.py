"""Statements of any days: opening and movements make the closing, to the cent, alone and together."""

import csv
import json
from datetime import date, timedelta
from io import BytesIO, StringIO
from random import Random
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError

from campanella.domains.ledger import periods
from campanella.domains.ledger import queries as ledger
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import spans
from campanella.usecases import adjust, mealtime
from tests.browsing import browser
from tests.config.commands.running import said
from tests.towns import OFFICE, TODAY, Cast

FIRST, LAST = date(2026, 9, 20), date(2026, 10, 20)


@pytest.fixture
def lived(valle: Cast, at: Any) -> Cast:
    """A month of the family Rossi: credits, meals and rides, a correction, a passage, an adjustment."""
    at("2026-09-20 08:00")
    valle.credit("Anna", 5000)
    valle.credit("Luca", 3000)
    valle.credit("Anna", 1000, service="scuolabus")
    for day in (date(2026, 9, 28), date(2026, 10, 12)):
        at(f"{day} 09:00")
        for service in valle.services:
            call = valle.roll_call(service=service, day=day)
            mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=None, now=clock.now())
    at("2026-10-20 10:00")
    anna, meal = valle.child("Anna").pk, valle.services["mensa"]
    at_home: dict[str, Any] = {"is_present": False, "reason": "era a casa", "now": clock.now()}
    mealtime.correct(by=OFFICE, child_id=anna, service=meal, day=date(2026, 9, 28), **at_home)
    about: dict[str, Any] = {"by": valle.staff["office"], "now": clock.now(), "amount": Euro(700), "reason": "giro"}
    giver, taker = valle.wallet("Anna").pk, valle.wallet("Luca").pk
    adjust.move(**about, from_wallet_id=giver, to_wallet_id=taker, key="abcdefghijklmnop")
    return valle


def test_any_days_reconcile_and_agree_with_the_movements(lived: Cast) -> None:
    ids = [
        wallet.id
        for wallet in ledger.wallets_of(child_ids=[child.pk for child in lived.families["rossi"].children.values()])
    ]
    random = Random(10)
    for _ in range(40):
        one, other = (FIRST + timedelta(days=random.randint(-5, 40)) for _ in range(2))
        first, last = min(one, other), max(one, other)
        for period in periods.periods_of(wallet_ids=ids, first=first, last=last):
            lines = ledger.movements_of(wallet_id=period.wallet_id, first=first, last=last, limit=1000)
            before = ledger.movements_of(wallet_id=period.wallet_id, last=first - timedelta(days=1), limit=1)
            assert list(period.lines) == lines[::-1]
            assert period.opening == (before[0].balance_after if before else Euro(0))
            assert period.opening.cents + sum(line.amount.cents for line in period.lines) == period.closing.cents


def test_many_wallets_cost_one_query(lived: Cast, django_assert_num_queries: Any) -> None:
    ids = [line.wallet_id for line in ledger.balances()]
    with django_assert_num_queries(1):
        found = list(periods.periods_of(wallet_ids=ids, first=FIRST, last=LAST))
    assert [one.wallet_id for one in found] == sorted(ids)
    assert {one.wallet_id: one.closing for one in found} == {line.wallet_id: line.balance for line in ledger.balances()}


def test_a_family_reads_all_its_children_together(lived: Cast) -> None:
    rossi = browser(lived.town, lived.families["rossi"].user)
    words = rossi.read("/pagamenti/estratto-conto/", dal="2026-09-21", al="2026-10-20")
    # Anna 50,00 and Luca 30,00 of meals, 10,00 of rides; then 4,60 + 2 × 3,10 of meals and two rides: 76,20.
    assert "Tutti insieme Credito all’inizio 90,00 €" in words
    assert "Credito alla fine 76,20 €" in words
    sheet = rossi.get("/pagamenti/estratto-conto.csv", {"dal": "2026-09-21", "al": "2026-10-20"}).content
    rows = list(csv.DictReader(StringIO(sheet.decode("utf-8-sig")), delimiter=";"))
    assert [row["Credito"] for row in rows if row["Che cosa"] == "Credito alla fine"] == ["38,40", "7,00", "30,80"]
    assert sum(_cents(row["Importo"]) for row in rows) == 7620 - 9000


def test_one_wallet_alone_and_another_familys_is_not_there(lived: Cast) -> None:
    rossi, haddad = (browser(lived.town, lived.families[name].user) for name in ("rossi", "haddad"))
    query = {"dal": "2026-09-21", "al": "2026-10-20", "borsellino": str(lived.wallet("Luca").pk)}
    assert "Anna · Refezione Credito all’inizio" not in rossi.read("/pagamenti/estratto-conto/", **query)
    for ending in ("/", ".pdf", ".csv"):
        assert haddad.get(f"/pagamenti/estratto-conto{ending}", query).status_code == 404


def test_a_wallet_at_rest_opens_and_closes_at_what_it_holds(lived: Cast) -> None:
    rossi = browser(lived.town, lived.families["rossi"].user)
    words = rossi.read("/pagamenti/estratto-conto/", dal="2026-10-13", al="2026-10-13")
    assert "Luca · Refezione Credito all’inizio 23,80 € Credito alla fine 23,80 € Nessun movimento" in words


def test_the_paper_is_tagged_and_names_the_days(lived: Cast) -> None:
    query = {"dal": "2026-09-21", "al": "2026-10-20"}
    for who, address in (
        (lived.families["rossi"].user, "/pagamenti/estratto-conto.pdf"),
        (lived.staff["office"], f"/ufficio/bambini/{lived.child('Anna').pk}/estratto-conto.pdf?figli=tutti"),
    ):
        answer = browser(lived.town, who).get(address, query if "?" not in address else None)
        assert answer.status_code == 200
        with pikepdf.open(BytesIO(answer.content)) as paper:
            assert paper.Root.MarkInfo.Marked
            assert paper.docinfo["/Title"] == "Estratto conto"


def test_the_command_says_opening_movements_closing(lived: Cast) -> None:
    wallet = str(lived.wallet("Anna").pk)
    words = ("statement", "--town", "valle", "--wallet", wallet, "--from", "2026-09-21", "--to", "2026-10-20")
    told = json.loads(said(*words, "--json"))
    assert (told["opening_cents"], told["closing_cents"]) == (5000, 3840)
    assert [line["cents"] for line in told["movements"]] == [-460, -460, 460, -700]
    assert told["opening_cents"] + sum(told["sums"].values()) == told["closing_cents"]
    with pytest.raises(CommandError, match="--to comes before"):
        said(*words[:-1], "2026-09-01")


def test_days_are_turned_when_they_are_upside_down() -> None:
    asked = spans.days_asked({"dal": "2026-10-20", "al": "2026-09-01"}, today=TODAY)
    assert (asked.first, asked.last, asked.was_turned) == (date(2026, 9, 1), date(2026, 10, 20), True)
    assert spans.days_asked({"dal": "x"}, today=TODAY) == spans.Days(date(2026, 1, 1), TODAY)


def _cents(text: str) -> int:
    return round(float(text.replace(",", ".")) * 100) if text else 0
