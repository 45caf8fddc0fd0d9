"""Valle, whose families owe six days of October."""

from collections.abc import Iterator

import pytest

from tests.arrears import overdue
from tests.towns import Cast, put_back


@pytest.fixture
def owing(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    """Rossi owes 46.20, Haddad 27.60, both since the fifth of December."""
    yield from put_back(request, "owing", overdue)
