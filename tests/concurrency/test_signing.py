"""Guessing with many hands."""

import pytest

from campanella.domains.accounts import entering
from campanella.domains.accounts.entering import TooManyTries, WrongCredentials
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming
from tests.concurrency.conftest import all_at_once
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def test_of_thirty_two_tries_at_once_eight_are_looked_at(town: Cast) -> None:
    def guess(number: int) -> None:
        with naming(town.town.id):
            entering.enter(username="rossi", password=f"prova {number}", origin="198.51.100.7", now=clock.now())

    results = [type(result) for result in all_at_once(guess, 32)]

    assert (results.count(WrongCredentials), results.count(TooManyTries)) == (8, 24)
