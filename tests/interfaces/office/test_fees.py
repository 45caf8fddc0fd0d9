"""The office decides what a service costs whatever the days: written, looked at, confirmed, taken back."""

import pytest

from campanella.domains.billing.models import Fee
from campanella.domains.services.models import Bracket
from tests.browsing import Browser, browser
from tests.towns import Cast, choosing, tell_again, text_of
from tests.usecases.billing.conftest import post_paid

NEW = "/ufficio/fatture/quote/nuova/?service=mensa&every="
SAID = {
    "name": "Retta mensile",
    "first": "2026-09-01",
    "last": "2027-06-30",
    "edges": "half",
    "level": "",
    "reason": "delibera 12",
}
MONTHLY = {**SAID, "day": "1", "shift": "0"}


@pytest.fixture
def desk(valle: Cast) -> Browser:
    post_paid(valle)
    return browser(valle.town, valle.staff["office"])


def prices(cast: Cast, **by_code: str) -> dict[str, str]:
    brackets = Bracket.objects.filter(tariff__service=cast.services["mensa"])
    return {f"price_{one.pk}": by_code.get(one.code, "") for one in brackets}


def send(desk: Browser, address: str, data: dict[str, str]) -> str:
    page = text_of(desk.post(address, data, follow=True))
    tell_again()
    return page


def test_a_monthly_share_is_looked_at_confirmed_and_taken_back(valle: Cast, desk: Browser) -> None:
    page = send(desk, f"{NEW}month", {**MONTHLY, **prices(valle, full="50,00", half="25")})
    assert "3 bambini, 1.250,00 € in tutto" in page
    assert "Settembre 2026 si addebita il 1 settembre 2026 · 3 bambini 125,00 €" in page
    assert "Da confermare" in page
    assert valle.balance("Anna") == 0

    address = f"/ufficio/fatture/quote/{Fee.objects.get().pk}/"
    assert "Intanto è cambiato quanto chiede" in send(desk, f"{address}conferma/", {"told": "100000"})
    page = send(desk, f"{address}conferma/", {"told": "125000"})
    assert "Quota confermata: addebitata ora a 3 bambini; le rate a venire partono da sole." in page
    assert valle.balance("Anna") == -10_000
    assert "In vigore" in desk.read("/ufficio/fatture/quote/")

    assert "Scrivi il motivo" in send(desk, f"{address}ritira/", {"reason": ""})
    page = send(desk, f"{address}ritira/", {"reason": "importo sbagliato"})
    assert "Quota ritirata: restituita a 3 bambini." in page
    assert valle.balance("Anna") == 0
    assert "ha ritirato la quota «Retta mensile» di Refezione" in page


def test_a_years_fee_has_the_towns_dates(valle: Cast, desk: Browser) -> None:
    said = {**SAID, "name": "Quota annua", "dates": "15/10/2026\n15/1/2027\n15/04/2027", **prices(valle, full="100,01")}
    page = send(desk, f"{NEW}year", said)
    assert "2 bambini, 200,02 € in tutto" in page
    assert "1 settembre 2026 – 14 gennaio 2027 si addebita il 15 ottobre 2026 · 2 bambini 66,68 €" in page


@pytest.mark.parametrize(
    ("every", "changed", "told"),
    [
        ("month", {}, "Scrivi almeno un importo"),
        ("month", {"price": "1", "last": "2026-08-01"}, "Finisce prima di cominciare"),
        ("month", {"price": "1", "last": "2029-08-01"}, "Una quota vale per un anno scolastico"),
        ("month", {"price": "1", "day": "31"}, "Scrivi un numero da 1 a 28."),
        ("month", {"price": "uno"}, "Questo non è un importo"),
        ("year", {"price": "1", "dates": "domani"}, "«domani» non è una data"),
        ("year", {"price": "1", "dates": "15/1/2027 15/10/2026"}, "Scrivi le date in ordine"),
        ("year", {"price": "1", "dates": "15/10/2028"}, "Le date delle rate cadono tra"),
    ],
)
def test_what_is_not_clear_is_said_and_nothing_is_kept(
    valle: Cast, desk: Browser, every: str, changed: dict[str, str], told: str
) -> None:
    said = {**MONTHLY, "dates": "15/10/2026", **changed, **prices(valle, full=changed.get("price", ""))}
    assert told in send(desk, f"{NEW}{every}", said)
    assert Fee.objects.count() == 0


@pytest.mark.parametrize("said", ["", "service=mensa", "service=x&every=month"])
def test_no_such_service_or_shape_is_no_page(desk: Browser, said: str) -> None:
    assert desk.get(f"/ufficio/fatture/quote/nuova/?{said}").status_code == 404


def test_above_the_towns_amount_the_page_asks_for_somebody_else(valle: Cast, desk: Browser) -> None:
    choosing(valle.town, bill_second_person=1000)
    page = send(desk, f"{NEW}month", {**MONTHLY, **prices(valle, full="50,00")})
    assert "conferma chi non l’ha preparata" in page
    assert "Conferma la quota" not in page
