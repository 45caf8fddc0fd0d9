"""
Every address × every role × two towns, from the list of addresses itself: a new page is covered, or the test fails.

Signed out goes to sign-in, a missing role is 403, another town's or another family's object is 404.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from campanella.domains.accounts.models import Role
from campanella.domains.enrolment.models import Subscription
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases import top_up
from tests.browsing import browser
from tests.towns import TODAY, Cast, known

PUBLIC = {"public", "installation", "node", "public file"}
ROLES = {"guardian", "school", "kitchen", "office", "cashier"}


def _views(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, (*names, pattern.namespace) if pattern.namespace else names)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*names, pattern.name or "")), pattern


VIEWS = dict(_views(get_resolver()))


def _access(name: str) -> set[str]:
    view = VIEWS[name].callback
    access = getattr(view, "access", None)
    assert access, f"{name} has no door"
    return set(access.split("|"))


def _arguments(name: str, cast: Cast) -> dict[str, Any] | None:
    """Return arguments that point at this town's own objects, by the names that converters have."""
    arguments: dict[str, Any] = {
        "child_id": cast.child("Anna").pk,
        "guardian_id": cast.families["rossi"].guardian.pk,
        "user_id": cast.families["rossi"].user.pk,
        "wallet_id": cast.wallet("Anna").pk,
        "subscription_id": Subscription.objects.get(child=cast.child("Anna"), service=cast.services["mensa"]).pk,
        "service_id": cast.services["mensa"].pk,
        "service": "mensa",
        "service_code": "mensa",
        "class_id": cast.classes["2B"].pk,
        "class_group_id": cast.classes["2B"].pk,
        "day": TODAY,
        "date": TODAY,
        "month": "2026-10",
        "request_id": cast.position.pk,  # type: ignore[attr-defined]
        "position_id": cast.position.pk,  # type: ignore[attr-defined]
        "school_id": cast.school.pk,
        "token": "nessuno",
        "outcome": "ok",
        "colour": "0a58ad",
    }
    return {key: arguments.get(key, 1) for key in _names(name)}


def _names(name: str) -> list[str]:
    """Return the names of an address's parts, whichever way it is written."""
    pattern = VIEWS[name].pattern
    return [*pattern.converters, *pattern.regex.groupindex]


def _address(name: str, cast: Cast) -> str:
    return reverse(name, kwargs=_arguments(name, cast) or None)


def _with_position(cast: Cast) -> None:
    with scope(cast.town.id):
        (position,) = top_up.prepare_at_desk(
            by=cast.staff["office"], wallet_id=cast.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
        )
    cast.position = position  # type: ignore[attr-defined]


@pytest.fixture
def two(db: None) -> tuple[Cast, Cast]:
    """Two towns, no scope open."""
    casts = (known("borgo"), known("valle"))
    for cast in casts:
        _with_position(cast)
    return casts


def test_every_view_has_a_door() -> None:
    for name in VIEWS:
        assert _access(name) <= PUBLIC | ROLES, name


def test_who_may_open(two: tuple[Cast, Cast]) -> None:
    _, valle = two
    people = {"guardian": valle.families["rossi"].user, **valle.staff}
    wrong = []
    for name, address in _addresses(valle):
        signed_out = browser(valle.town).get(address)
        if signed_out.status_code != 405 and not signed_out.headers.get("Location", "").startswith("/entra/"):
            wrong.append(f"{name}, signed out: {signed_out.status_code}")
        for role in Role.values:
            status = browser(valle.town, people[role]).get(address).status_code
            expected = (200, 204, 302, 303, 404, 405) if role in _access(name) else (403, 405)
            if status not in expected:
                wrong.append(f"{name}, {role}: {status}")
    assert wrong == []


def test_another_familys_object_is_not_there(two: tuple[Cast, Cast]) -> None:
    _, valle = two
    other = valle.families["haddad"].user
    wrong = []
    for name, address in _addresses(valle):
        if "guardian" in _access(name) and _names_an_object(name):
            # Some addresses take a form only: opened by hand they lead to the object's page, which is 404 itself.
            for method, expected in (("get", (302, 303, 404, 405)), ("post", (404, 405))):
                status = getattr(browser(valle.town, other), method)(address).status_code
                if status not in expected:
                    wrong.append(f"{name}, {method}: {status}")
    assert wrong == []


def test_another_towns_object_is_not_there(two: tuple[Cast, Cast]) -> None:
    """The same role next door, with this town's numbers."""
    borgo, valle = two
    people = {"guardian": borgo.families["haddad"].user, **borgo.staff}
    wrong = []
    for name, address in _addresses(valle):
        for role in sorted(_access(name) & set(people)) if _names_an_object(name) else []:
            status = browser(borgo.town, people[role]).get(address).status_code
            if status not in (302, 303, 404, 405):
                wrong.append(f"{name}, {role}: {status}")
    assert wrong == []


def _addresses(cast: Cast) -> list[tuple[str, str]]:
    with scope(cast.town.id):
        return [(name, _address(name, cast)) for name in sorted(VIEWS) if not (_access(name) & PUBLIC)]


def _names_an_object(name: str) -> bool:
    return any(part.endswith("_id") or part == "token" for part in _names(name))
