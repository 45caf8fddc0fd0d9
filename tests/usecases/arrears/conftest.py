"""Valle, whose families owe six days of October."""

import pytest

from tests.arrears import overdue
from tests.towns import Cast


@pytest.fixture
def owing(valle: Cast) -> Cast:
    """Rossi owes 46.20, Haddad 27.60, both since the fifth of December."""
    overdue(valle)
    return valle
