"""A passage between siblings that is undone across the new year leaves each year's certificates with what was paid in it."""

from datetime import date, time

import pytest

from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import pay
from tests.readings.certificates.test_reckoning import of
from tests.towns import OFFICE, Cast

FATHER = "RSSLCU80A01A562Q"


@pytest.fixture
def family(valle: Cast) -> Cast:
    """The family Rossi with its children's tax codes."""
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    return valle


def move(valle: Cast, giver: str, taker: str, cents: int, on: date) -> None:
    at = clock.rome(on, time(12))
    with clock.standing_at(at):
        adjust.move(
            by=OFFICE,
            from_wallet_id=valle.wallet(giver).pk,
            to_wallet_id=valle.wallet(taker).pk,
            amount=Euro(cents),
            reason="sbagliato",
            key=f"{giver} {on}",
            now=at,
        )


def test_what_is_moved_back_in_january_takes_nothing_of_january_along(family: Cast) -> None:
    pay(family, "Anna", 5000, date(2026, 10, 20))
    move(family, "Anna", "Luca", 2000, date(2026, 12, 30))
    before = [of(family, name).certified for name in ("Anna", "Luca")]
    pay(family, "Luca", 3000, date(2027, 1, 5), payer=FATHER)
    move(family, "Luca", "Anna", 2000, date(2027, 1, 8))

    assert [of(family, name).certified for name in ("Anna", "Luca")] == before == [3000, 2000]
    assert [of(family, name, 2027).certified for name in ("Anna", "Luca")] == [0, 3000]
