"""The code of a family: beside the service, with how to use it, on paper too."""

from tests.browsing import Browser, at_most, browser
from tests.cash import code, pharmacy
from tests.towns import Cast, Family


def _phone(valle: Cast, rossi: Family) -> Browser:
    return browser(valle.town, rossi.user)


def test_each_wallet_has_its_code_and_the_page_says_where(valle: Cast, rossi: Family) -> None:
    pharmacy(valle)
    page = _phone(valle, rossi).read("/pagamenti/codici/")
    for child, service in (("Anna", "mensa"), ("Anna", "scuolabus"), ("Luca", "mensa")):
        written = code(valle, child, service)
        assert f"{written[:4]} {written[4:8]} {written[8:]}" in page
    assert "Farmacia La Perla Bonascola · contanti e carta" in page
    assert "i contanti non entrano nell’attestazione" in page


def test_the_code_stands_beside_the_service(valle: Cast, rossi: Family) -> None:
    pharmacy(valle)
    one = _phone(valle, rossi)
    written = code(valle, "Luca")
    page = one.read(f"/pagamenti/movimenti/{valle.wallet('Luca').pk}/")
    assert f"Codice personale di ricarica {written[:4]} {written[4:8]} {written[8:]}" in page
    assert "Paga in farmacia o all’economato" in one.read("/pagamenti/")


def test_the_codes_are_printed(valle: Cast, rossi: Family) -> None:
    pharmacy(valle)
    answer = _phone(valle, rossi).get("/pagamenti/codici/codici.pdf")
    assert answer.content.startswith(b"%PDF")


def test_a_town_without_cash_points_shows_no_code(valle: Cast, rossi: Family) -> None:
    one = _phone(valle, rossi)
    assert one.get("/pagamenti/codici/").status_code == 404
    assert one.get("/pagamenti/codici/codici.pdf").status_code == 404
    assert "Codice personale" not in one.read(f"/pagamenti/movimenti/{valle.wallet('Luca').pk}/")
    assert "Paga in farmacia" not in one.read("/pagamenti/")


def test_the_page_asks_little(valle: Cast, rossi: Family) -> None:
    pharmacy(valle)
    one = _phone(valle, rossi)
    one.get("/pagamenti/codici/")
    with at_most(8):
        one.get("/pagamenti/codici/")
