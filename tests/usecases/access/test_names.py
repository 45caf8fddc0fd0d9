"""User names are made of names as people write them."""

import pytest

from campanella.usecases.access.giving import plain_letters


@pytest.mark.parametrize(
    ("wished", "plain"),
    [
        ("ana.Țăranu-Łukasik", "ana.taranulukasik"),
        ("niccolò.d’amico", "niccolo.damico"),
        ("bjørn.weiß", "bjorn.weiss"),
        ("đorđe.ağaoğlu", "dorde.agaoglu"),
    ],
)
def test_no_letter_of_a_name_is_lost(wished: str, plain: str) -> None:
    assert plain_letters(wished) == plain
