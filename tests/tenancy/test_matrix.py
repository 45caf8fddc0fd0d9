"""
Every address × every role × two towns, from the list of addresses itself: a new page is covered, or the test fails.

Signed out goes to sign-in, a missing role is 403, another town's or another family's object is 404.
"""

import pytest

from campanella.domains.accounts.roles import Role
from tests.browsing import browser
from tests.towns import known
from tests.visiting import VIEWS, Visit, access_of, parts_of

PUBLIC = {"public", "installation", "node", "public file", "tablet"}
ROLES = {"guardian", "school", "kitchen", "office", "cashier"}


@pytest.fixture
def borgo(db: None) -> Visit:
    """A town, no scope open."""
    return Visit(known("borgo"))


@pytest.fixture
def valle(db: None) -> Visit:
    """Another one."""
    return Visit(known("valle"))


def test_every_view_has_a_door() -> None:
    for name in VIEWS:
        assert access_of(name) <= PUBLIC | ROLES, name


@pytest.mark.slow
@pytest.mark.usefixtures("borgo")
def test_who_may_open(valle: Visit) -> None:
    wrong = []
    outside = browser(valle.cast.town)
    visitors = {role: browser(valle.cast.town, valle.people[role]) for role in Role.values}
    for name, address in _addresses(valle):
        signed_out = outside.get(address)
        if signed_out.status_code != 405 and not signed_out.headers.get("Location", "").startswith("/entra/"):
            wrong.append(f"{name}, signed out: {signed_out.status_code}")
        for role in Role.values:
            status = visitors[role].get(address).status_code
            expected = (200, 204, 302, 303, 404, 405) if role in access_of(name) else (403, 405)
            if status not in expected:
                wrong.append(f"{name}, {role}: {status}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.usefixtures("borgo")
def test_another_familys_object_is_not_there(valle: Visit) -> None:
    other = browser(valle.cast.town, valle.cast.families["haddad"].user)
    wrong = []
    for name, address in _addresses(valle):
        if "guardian" in access_of(name) and _names_an_object(name):
            # Some addresses take a form only: opened by hand they lead to the object's page, which is 404 itself.
            for method, expected in (("get", (302, 303, 404, 405)), ("post", (404, 405))):
                status = getattr(other, method)(address).status_code
                if status not in expected:
                    wrong.append(f"{name}, {method}: {status}")
    assert wrong == []


@pytest.mark.slow
def test_another_towns_object_is_not_there(borgo: Visit, valle: Visit) -> None:
    """The same role next door, with this town's numbers."""
    people = {**borgo.people, "guardian": borgo.cast.families["haddad"].user}
    visitors = {role: browser(borgo.cast.town, user) for role, user in people.items()}
    wrong = []
    for name, address in _addresses(valle):
        for role in sorted(access_of(name) & set(people)) if _names_an_object(name) else []:
            status = visitors[role].get(address).status_code
            if status not in (302, 303, 404, 405):
                wrong.append(f"{name}, {role}: {status}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.usefixtures("borgo")
def test_a_family_that_opens_the_address_of_a_form_by_hand_is_led_to_its_page(valle: Visit) -> None:
    one = browser(valle.cast.town, valle.people["guardian"])
    opened = {name: one.get(address) for name, address in _addresses(valle) if name.startswith("portal:")}
    assert {name for name, answer in opened.items() if answer.status_code == 405} == set()
    assert opened["portal:take-back"].headers["Location"].startswith("/richieste/D-")


def _addresses(valle: Visit) -> list[tuple[str, str]]:
    return [(name, str(valle.address(name))) for name in sorted(VIEWS) if not (access_of(name) & PUBLIC)]


def _names_an_object(name: str) -> bool:
    return any(part.endswith("_id") or part == "token" for part in parts_of(name))
