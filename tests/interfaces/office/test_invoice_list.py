"""The office's list of invoices: a page is read, the rest is counted, and every filter goes on from where it was."""

import re
from datetime import date

import pytest

from campanella.domains.billing import queries
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office.billing import listing
from campanella.usecases.billing import staging
from tests.billing import bill, eat, noon, october
from tests.browsing import Browser, at_most, browser
from tests.paying import receive
from tests.towns import Cast, choosing
from tests.usecases.billing.conftest import post_paid

PLACE = "/ufficio/fatture/elenco/"


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """Three invoices of September, one a child, and three of October."""
    choosing(valle.town, bill_per_payer=False)
    post_paid(valle)
    eat(valle, [date(2026, 9, 21)])
    bill(valle, "2026-09")
    eat(valle, october(1))
    bill(valle)
    return browser(valle.town, valle.staff["office"])


def numbers(desk: Browser, address: str) -> list[str]:
    return re.findall(r"FT/2026/\d+", desk.get(address).content.decode().partition("Scarica in XLSX")[2])


def shown(amount: Euro) -> str:
    """Write an amount as it is read from a page."""
    return str(amount).replace("\xa0", " ")


def walk(desk: Browser, address: str, way: str) -> list[list[str]]:
    """Follow a link from page to page, and return the numbers of each."""
    pages = []
    while address:
        pages.append(numbers(desk, address))
        found = re.search(rf'rel="{way}" href="([^"]+)"', desk.get(address).content.decode())
        address = f"{PLACE}{found[1].replace('&amp;', '&')}" if found else ""
    return pages


@pytest.mark.parametrize("query", ["", "?stato=unpaid", "?servizio={service}"])
def test_it_is_walked_on_and_back(valle: Cast, desk: Browser, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(listing, "A_PAGE", 2)
    address = PLACE + query.format(service=valle.services["mensa"].pk)
    on = walk(desk, address, "next")
    assert on == [[f"FT/2026/{n}", f"FT/2026/{n - 1}"] for n in (6, 4, 2)]
    oldest = queries.invoices_between(period=None)[0].id
    joined = "&" if "?" in address else "?"
    back = walk(desk, f"{address}{joined}dopo={oldest}", "prev")
    assert back[:2] == [["FT/2026/3", "FT/2026/2"], ["FT/2026/5", "FT/2026/4"]]
    assert (len(back), back[2][0]) == (3, "FT/2026/6")


def test_a_page_costs_the_same_whatever_there_is_and_is_light(
    valle: Cast, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "6 fatture" in desk.read(PLACE)
    assert "Quanto resta da pagare: scegli un mese, o uno stato" in desk.read(PLACE)
    assert "3 fatture: 12,30 €, ancora da pagare 12,30 €" in desk.read(f"{PLACE}?mese=2026-10")
    weights = []
    for count in (1, 6):
        monkeypatch.setattr(listing, "A_PAGE", count)
        with at_most(16):
            weights.append(len(desk.get(PLACE).content))
    assert weights[0] + 39 * (weights[1] - weights[0]) / 5 <= 40_000


def test_paid_ones_are_walked_through_and_only_open_ones_are_reckoned(
    valle: Cast, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in queries.invoices_between(period=None)[:5]:
        (pk,) = queries.positions_of(invoice_ids=[one.id])[one.id]
        receive(PaymentRequest.objects.get(pk=pk), iur=f"own-{one.id}")
    monkeypatch.setattr(listing, "A_PAGE", 2)
    assert walk(desk, f"{PLACE}?stato=paid", "next") == [
        ["FT/2026/5", "FT/2026/4"],
        ["FT/2026/3", "FT/2026/2"],
        ["FT/2026/1"],
    ]
    assert walk(desk, f"{PLACE}?stato=unpaid", "next") == [["FT/2026/6"]]
    last = queries.invoices_between(period=None)[5]
    assert f"5 fatture: {shown(Euro(2460) - last.total)}" in desk.read(f"{PLACE}?stato=paid")
    assert f"1 fattura: {shown(last.total)}, ancora da pagare {shown(last.total)}" in desk.read(f"{PLACE}?stato=unpaid")
    read: list[int] = []
    views = queries.views
    monkeypatch.setattr(queries, "views", lambda issues: read.append(issues.count()) or views(issues))
    for state in ("unpaid", "overdue", "partial", "paid"):
        desk.get(f"{PLACE}?stato={state}")
    # Of six those of the one wallet that owes.
    assert read == [2, 2, 2, 2]

    first = queries.invoices_between(period=date(2026, 9, 1))[0]
    with clock.standing_at(noon(date(2026, 11, 6))):
        staging.recall(by=valle.staff["office"], run_id=first.run_id, reason="tariffa sbagliata", now=clock.now())
    # The money of what was called back pays the one that was open.
    assert walk(desk, f"{PLACE}?stato=paid", "next") == [["FT/2026/6", "FT/2026/5"], ["FT/2026/4"]]
    assert "3 fatture" in desk.read(f"{PLACE}?stato=paid")


def test_called_back_ones_are_counted_apart_and_listed_alone(valle: Cast, desk: Browser) -> None:
    first = queries.invoices_between(period=date(2026, 9, 1))[0]
    with clock.standing_at(noon(date(2026, 11, 6))):
        staging.recall(by=valle.staff["office"], run_id=first.run_id, reason="tariffa sbagliata", now=clock.now())
    assert "3 fatture: 12,30 €. Quanto resta da pagare: scegli un mese, o uno stato. Altre 3 annullate" in desk.read(PLACE)
    assert numbers(desk, f"{PLACE}?stato=cancelled") == ["FT/2026/3", "FT/2026/2", "FT/2026/1"]
    assert "3 annullate." in desk.read(f"{PLACE}?stato=cancelled")


@pytest.mark.parametrize(
    "query", ["?prima=999999", "?dopo=999999", "?stato=unpaid&prima=999999", "?prima=x&dopo=-1", "?mese=9999-12"]
)
def test_a_page_that_is_not_there_is_no_failure(desk: Browser, query: str) -> None:
    assert desk.get(f"{PLACE}{query}").status_code == 200
