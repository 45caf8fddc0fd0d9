"""Lists handed to statements written by hand arrive as they were."""

from datetime import date

import pytest

from campanella.foundation.core import sql

NASTY = [
    "plain",
    "with,comma",
    'with "quotes"',
    "back\\slash",
    "{braces}",
    "",
    "null",
    "NULL",
    " blank ",
    "è 漢字",
    "new\nline",
]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", NASTY),
        ("text", ["one", None, "three"]),
        ("bigint", [1, -2, 2**62, 0]),
        ("bigint", [7, None]),
        ("boolean", [True, False, None]),
        ("date", [date(2026, 10, 14)]),
        ("bigint", []),
    ],
)
@pytest.mark.django_db
def test_a_list_arrives_as_it_was(kind: str, values: list[object]) -> None:
    assert sql.rows(f"select %(values)s::{kind}[]", {"values": values}) == [(values,)]
    assert sql.row(f"select %s::{kind}[]", [values]) == (values,)
