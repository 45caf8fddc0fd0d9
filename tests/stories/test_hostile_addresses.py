"""
Addresses nobody wrote by following a link: whatever stands in path, query or cookie, a page answers, never a failure.

Every page there is, from the list of addresses itself, is opened by somebody who may, with what people and machines try.
"""

from typing import Any

import pytest
from django.conf import settings

from tests.browsing import Browser
from tests.towns import known
from tests.visiting import VIEWS, Visit, access_of

# Each case is quick; all of them together take patience.
pytestmark = pytest.mark.slow

# Every name that a page of ours reads from its address.
NAMES = [
    "al", "argomento", "dal", "dopo", "esito", "fai", "giorno", "mese", "next", "numero", "ordine", "pagina", "prima", "q",
    "r", "scelta-1", "importo-1", "servizio", "stato", "version", "wallet",
]  # fmt: skip
VALUES = [
    "\0", "%_\\", "'\"; drop table ledger_wallet--", "<script>alert(1)</script>", "x" * 10_000, "🎒" * 50, "²", "-1",
    "9" * 30, "0001-01-01", "9999-12-31", "0001-01", "2026-13",
]  # fmt: skip
IN_PATHS = ["%00", "x" * 3000, "🎒", "0001-01-01", "9999-12-31", "2026-13-45", "..%2f..%2fetc", "%"]
MONTHS = [
    "2026-13",
    "2026-00",
    "0000-00",
    "9999-12",
    "2099-12",
    "2000-01",
    "2026-1",
    "２０２６-10",
    "2026-10-99",
    "2026-02-30",
]


@pytest.fixture
def town(db: None) -> Visit:
    """Valle with a notice, no scope open."""
    return Visit(known("valle"))


PAGES = sorted(set(VIEWS) - {"ready", "live", "metrics", "pa-for-node"})


@pytest.mark.parametrize("value", VALUES, ids=[value[:12].encode("unicode_escape").decode() for value in VALUES])
def test_no_query_breaks_a_page(town: Visit, value: str) -> None:
    failed: list[str] = []
    visitors: dict[frozenset[str], Browser] = {}
    for name in PAGES:
        path, who = town.address(name), frozenset(access_of(name))
        if path:
            visitors[who] = visitors.get(who) or town.somebody(name)
            answer = visitors[who].get(path, dict.fromkeys(NAMES, value))
            if answer.status_code >= 500:
                failed.append(f"{path}: {answer.status_code}")
    assert failed == []


def test_no_path_breaks_a_page(town: Visit) -> None:
    failed = []
    for name in PAGES:
        client = town.somebody(name)
        for key, converter in VIEWS[name].pattern.converters.items():
            for text in ["9" * 30] if "Int" in type(converter).__name__ else IN_PATHS:
                path = town.address(name, **{key: text})
                for answer in (client.get(path), client.post(path)) if path else ():
                    if answer.status_code >= 500:
                        failed.append(f"{path[:80]}: {answer.status_code}")
    assert failed == []


@pytest.mark.parametrize("month", MONTHS)
def test_months_and_days_that_are_none(town: Visit, month: str) -> None:
    child = town.cast.families["rossi"].children["Anna"].pk
    answer = town.somebody("portal:presences").get(f"/presenze/{child}/{month}/")
    assert answer.status_code == (200 if month in ("2099-12", "2000-01") else 404)


@pytest.mark.parametrize("text", ["%", "_", "%%%", "__", "'", '"', "\\", "'; --", "🎒🎒", "x" * 10_000, "\t \n"])
def test_the_search_takes_every_text_as_a_text(town: Visit, text: str) -> None:
    """A per cent sign is a per cent sign: it finds nobody, not everybody."""
    answer = town.somebody("office:search").post("/ufficio/cerca/", {"q": text}, follow=True)
    assert answer.status_code == 200
    assert "Anna" not in answer.content.decode()


@pytest.mark.parametrize("cookie", ['"aaaaaaaaaa\\000"', "x" * 5000, "🎒".encode().decode("latin-1"), "'; --", ""])
def test_no_cookie_breaks_a_page(town: Visit, cookie: str) -> None:
    headers: dict[str, Any] = {
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={cookie}"
    }
    client = Browser(town.cast.town)
    client.raise_request_exception = False
    for path in ("/", "/entra/", "/pagamenti/ricarica/", "/ufficio/"):
        assert client.get(path, **headers).status_code < 500, path
