"""What a clerk types and whom she finds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.people import operations, searching
from campanella.domains.people.models import FormerCode
from tests.towns import Cast

PEOPLE = [("Niccolò", "D’Andrea"), ("Maria Addolorata", "Sanfilippo-Bevilacqua"), ("Zoë", "Müller"), ("Ștefan", "Ionescu")]


@pytest.fixture
def register(valle: Cast) -> None:
    for i, (given, family) in enumerate(PEOPLE):
        child = operations.register_child(given_name=given, family_name=family, tax_code="", birth_date=None)
        FormerCode.objects.create(child=child, code=f"OLD{i}")
        operations.register_guardian(
            given_name=given, family_name=family, tax_code="", email=f"persona{i}@posta.example", phone=f"333 555 000{i}"
        )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("D'Andrea", "Niccolò"),
        ("d’andrea niccolo", "Niccolò"),
        ("Niccolò", "Niccolò"),
        ("NICCOLO'", "Niccolò"),
        ("andrea", "Niccolò"),
        ("addolorata sanfilippo", "Maria Addolorata"),
        ("bevilacqua maria", "Maria Addolorata"),
        ("sanfilippo-bevi", "Maria Addolorata"),
        ("muller", "Zoë"),
        ("zoe", "Zoë"),
        ("stefan", "Ștefan"),
        ("old3", "Ștefan"),
        ("müller niccolò", None),
        ("xyz", None),
        ("  ", None),
        ("%", None),
    ],
)
def test_a_clerk_finds_a_child_as_she_writes_it(register: None, typed: str, found: str | None) -> None:
    assert [child.given_name for child in searching.children(text=typed)] == ([found] if found else [])


def test_a_code_is_found_with_or_without_its_hyphen(valle: Cast, register: None) -> None:
    anna = valle.child("Anna")
    for typed in (anna.code, anna.code.lower(), anna.code.replace("-", "")):
        assert [child.pk for child in searching.children(text=typed)] == [anna.pk]


@pytest.mark.parametrize(
    "typed",
    ["3335550002", "333 5550002", "+39 333 555 0002", "persona2@posta.example", "PERSONA2@posta.example", "zoe muller"],
)
def test_an_adult_is_found_by_name_address_or_telephone(register: None, typed: str) -> None:
    assert [adult.given_name for adult in searching.guardians(text=typed)] == ["Zoë"]


def test_the_start_of_a_tax_code_finds_its_person(valle: Cast) -> None:
    assert [adult.family_name for adult in searching.guardians(text="rssmra85")] == ["Rossi"]
    assert [adult.family_name for adult in searching.guardians(text="RSSMRA85T10A562S")] == ["Rossi"]
    assert searching.guardians(text="rssmra86") == []


@pytest.mark.parametrize("search", [searching.children, searching.guardians])
def test_each_way_to_find_somebody_is_a_branch_of_its_own(valle: Cast, search: Callable[..., list[Any]]) -> None:
    """Among a hundred thousand people, one condition of many ORs is tried on every row, and no index helps."""
    with CaptureQueriesContext(connection) as asked:
        search(text="rssmra85t10a562s")
    statement = asked[-1]["sql"]
    assert "UNION" in statement
    assert " OR " not in statement
    # As the product writes them: an index of the column serves.
    assert '"tax_code" >= ' in statement
