"""
Addresses nobody wrote by following a link: whatever stands in path, query or cookie, a page answers, never a failure.

Every page there is, from the list of addresses itself, is opened by somebody who may, with what people and machines try.
"""

from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from campanella.domains.accounts.roles import Role
from tests.browsing import Browser, browser
from tests.towns import Cast, known
from tests.visiting import VIEWS, Visit, access_of

# Each case is quick; all of them together take patience.
pytestmark = pytest.mark.slow

# What stands behind many addresses, of ours and of others.
USUAL = ["al", "dal", "giorno", "mese", "next", "numero", "pagina", "q", "r", "scelta-1", "stato", "version", "utm_source"]
VALUES = [
    "%_\\", "'\"; drop table ledger_wallet--", "<script>alert(1)</script>", "x" * 10_000, "🎒" * 50, "²", "-1",
    "9" * 30, "0001-01-01", "9999-12-31", "0001-01", "2026-13", "\0",
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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that a page has asked its query for, and ``*`` where it has looked through the whole of it."""
    names: set[str] = set()
    take_apart = QueryDict.__init__

    def taking_apart(self: QueryDict, *query: Any, **how: Any) -> None:
        before = set(names)
        take_apart(self, *query, **how)
        names.intersection_update(before)

    monkeypatch.setattr(QueryDict, "__init__", taking_apart)
    # Not ``lists``: the door before all pages looks through those for texts that no database takes.
    for way in ("__getitem__", "__contains__", "get", "getlist", "__iter__", "items", "keys", "values", "dict", "copy"):
        monkeypatch.setattr(QueryDict, way, _noting(names, getattr(QueryDict, way)))
    return names


def _noting(names: set[str], way: Any) -> Any:
    def noting(self: QueryDict, *which: Any) -> Any:
        names.add(str(which[0]) if which and isinstance(which[0], str) else "*")
        return way(self, *which)

    return noting


def test_no_query_breaks_a_page(town: Visit, asked: set[str]) -> None:
    """What a page asks its query for, it gets with every value; a page that asks for nothing is opened once."""
    failed, known_names = [], {}
    visitors: dict[frozenset[str], Browser] = {}
    for name in PAGES:
        path, who = town.address(name), frozenset(access_of(name))
        if not path:
            continue
        visitors[who] = visitors.get(who) or town.somebody(name)
        names = known_names[name] = set()
        for value in ("", *VALUES):
            asked.clear()
            answer = visitors[who].get(path, dict.fromkeys([*USUAL, *names], value))
            if answer.status_code >= 500:
                failed.append(f"{path}: {value[:12]!r} {answer.status_code}")
            names |= asked
            if not names:
                break
    assert failed == []
    assert {"dieta", "scuola", "colonne"} <= known_names["office:lists"], "who reads is noticed"


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
def test_months_and_days_that_are_none(valle: Cast, month: str) -> None:
    child = valle.families["rossi"].children["Anna"].pk
    answer = browser(valle.town, valle.families["rossi"].user).get(f"/presenze/{child}/{month}/")
    assert answer.status_code == (200 if month in ("2099-12", "2000-01") else 404)


@pytest.mark.parametrize("text", ["%", "_", "%%%", "__", "'", '"', "\\", "'; --", "🎒🎒", "x" * 10_000, "\t \n"])
def test_the_search_takes_every_text_as_a_text(valle: Cast, text: str) -> None:
    """A per cent sign is a per cent sign: it finds nobody, not everybody."""
    answer = browser(valle.town, valle.staff[Role.OFFICE]).post("/ufficio/cerca/", {"q": text}, follow=True)
    assert answer.status_code == 200
    assert "Anna" not in answer.content.decode()


@pytest.mark.parametrize("cookie", ['"aaaaaaaaaa\\000"', "x" * 5000, "🎒".encode().decode("latin-1"), "'; --", ""])
def test_no_cookie_breaks_a_page(valle: Cast, cookie: str) -> None:
    headers: dict[str, Any] = {
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={cookie}"
    }
    client = Browser(valle.town)
    client.raise_request_exception = False
    for path in ("/", "/entra/", "/pagamenti/ricarica/", "/ufficio/"):
        assert client.get(path, **headers).status_code < 500, path
