"""The reckoning after a story is left out only where nothing at all has changed."""

import pytest
from django.db import connection

from tests.stories.conftest import rows
from tests.towns import Cast, as_owner


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("ledger_wallet set balance_cents = balance_cents + 1", "balance_cents - 1"),
        ("people_child set given_name = given_name || 'x'", "rtrim(given_name, 'x')"),
        ("tenants_municipality set name = name || 'x'", "rtrim(name, 'x')"),
    ],
    ids=["a balance", "a name", "the register"],
)
def test_whatever_changes_is_seen(borgo: Cast, valle: Cast, change: str, back: str) -> None:
    before = rows()
    assert rows() == before
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"update {change}")
    assert rows() != before
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"update {change.rpartition('=')[0]} = {back}")
