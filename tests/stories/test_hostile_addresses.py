"""
Addresses nobody wrote by following a link: whatever stands in path, query or cookie, a page answers, never a failure.

Every page there is, from the list of addresses itself, is opened by somebody who may, with what people and machines try.
"""

from typing import Any

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from campanella.foundation.core.scope import scope
from tests.browsing import Browser, browser
from tests.tenancy.test_matrix import VIEWS, _access, _arguments, _with_position
from tests.towns import Cast, known

# Every name that a page of ours reads from its address.
NAMES = [
    "al", "argomento", "dal", "fai", "giorno", "mese", "next", "numero", "ordine", "pagina", "prima", "q", "r", "scelta-1",
    "importo-1", "servizio", "stato", "version", "wallet",
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
def town(db: None) -> Cast:
    """Valle with a notice, no scope open."""
    cast = known("valle")
    _with_position(cast)
    return cast


def somebody(town: Cast, name: str) -> Browser:
    """Give a browser of somebody who may open a page; a failure is an answer here, not an exception."""
    people = {"guardian": town.families["rossi"].user, **town.staff}
    who = next((people[role] for role in sorted(_access(name)) if role in people), None)
    client = browser(town.town, who)
    client.raise_request_exception = False
    return client


def address(town: Cast, name: str, **instead: str) -> str | None:
    """Give a page's address; ``instead`` puts a text where an argument belongs."""
    with scope(town.town.id):
        arguments = _arguments(name, town) or {}
    marks = {key: 777_777_777 if isinstance(arguments[key], int) else "ZZZ" for key in instead}
    try:
        found = reverse(name, kwargs={**arguments, **marks})
    except NoReverseMatch:
        return None
    for key, text in instead.items():
        found = found.replace(str(marks[key]), text)
    return found


PAGES = sorted(set(VIEWS) - {"ready", "live", "metrics", "pa-for-node"})


@pytest.mark.parametrize("value", VALUES, ids=[value[:12].encode("unicode_escape").decode() for value in VALUES])
def test_no_query_breaks_a_page(town: Cast, value: str) -> None:
    failed = []
    for name in PAGES:
        path = address(town, name)
        if path:
            answer = somebody(town, name).get(path, dict.fromkeys(NAMES, value))
            if answer.status_code >= 500:
                failed.append(f"{path}: {answer.status_code}")
    assert failed == []


def test_no_path_breaks_a_page(town: Cast) -> None:
    failed = []
    for name in PAGES:
        client = somebody(town, name)
        for key, converter in VIEWS[name].pattern.converters.items():
            for text in ["9" * 30] if "Int" in type(converter).__name__ else IN_PATHS:
                path = address(town, name, **{key: text})
                for answer in (client.get(path), client.post(path)) if path else ():
                    if answer.status_code >= 500:
                        failed.append(f"{path[:80]}: {answer.status_code}")
    assert failed == []


@pytest.mark.parametrize("month", MONTHS)
def test_months_and_days_that_are_none(town: Cast, month: str) -> None:
    child = town.families["rossi"].children["Anna"].pk
    answer = somebody(town, "portal:presences").get(f"/presenze/{child}/{month}/")
    assert answer.status_code == (200 if month in ("2099-12", "2000-01") else 404)


@pytest.mark.parametrize("text", ["%", "_", "%%%", "__", "'", '"', "\\", "'; --", "🎒🎒", "x" * 10_000, "\t \n"])
def test_the_search_takes_every_text_as_a_text(town: Cast, text: str) -> None:
    """A per cent sign is a per cent sign: it finds nobody, not everybody."""
    answer = somebody(town, "office:search").post("/ufficio/cerca/", {"q": text}, follow=True)
    assert answer.status_code == 200
    assert "Anna" not in answer.content.decode()


@pytest.mark.parametrize("cookie", ['"aaaaaaaaaa\\000"', "x" * 5000, "🎒".encode().decode("latin-1"), "'; --", ""])
def test_no_cookie_breaks_a_page(town: Cast, cookie: str) -> None:
    headers: dict[str, Any] = {
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={cookie}"
    }
    client = Browser(town.town)
    client.raise_request_exception = False
    for path in ("/", "/entra/", "/pagamenti/ricarica/", "/ufficio/"):
        assert client.get(path, **headers).status_code < 500, path
