"""Money under many hands at once; each race has its control, where the guard is taken away and the race appears."""

import pytest
from django.db import connection

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries, verify
from campanella.domains.ledger.operations import Due, Movement
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from tests.concurrency.conftest import all_at_once
from tests.towns import TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def test_fifty_postings_of_one_source_are_one(town: Cast) -> None:
    with scope(town.town.id):
        wallet, clearing = town.wallet("Anna").pk, ledger.account(kind="clearing", code="pagopa").pk

    def credit(_: int) -> list[str]:
        with scope(town.town.id):
            movement = Movement(source=Source.of_receipt("X"), wallet_id=wallet, other_id=clearing, amount=Euro(5000))
            return ledger.post(movements=[movement], kind="top_up", day=TODAY, memo="", by_id=None, now=clock.now())

    results = all_at_once(credit, 5 * 10)

    with scope(town.town.id):
        assert town.balance("Anna") == 5000
        assert sorted(results, key=len)[-1] == ["receipt:X"]
        assert sum(len(result) for result in results) == 1
        assert verify.violations() == []


def test_a_guard_taken_away_shows_the_race(town: Cast) -> None:
    """The control: read, add, write without a lock loses credits, so the test above can fail."""
    with scope(town.town.id):
        wallet = town.wallet("Anna").pk

    def careless(_: int) -> None:
        with scope(town.town.id), connection.cursor() as cursor:
            cursor.execute("select balance_cents, pg_sleep(0.02) from ledger_wallet where id = %s", [wallet])
            balance = cursor.fetchone()[0]
            cursor.execute("update ledger_wallet set balance_cents = %s where id = %s", [balance + 100, wallet])

    all_at_once(careless, 10)

    with scope(town.town.id):
        assert town.balance("Anna") < 1000
        assert [v.promise for v in verify.violations()] == ["a wallet's balance equals its transfers"]


def test_many_settlements_of_one_source_end_on_one_of_them(town: Cast) -> None:
    with scope(town.town.id):
        wallet, revenue = town.wallet("Anna").pk, ledger.account(kind="revenue", code="mensa").pk
    dues = [460, 310, 0, 250, 460]

    def settle(number: int) -> int:
        with scope(town.town.id):
            ledger.hold_wallets(wallet_ids=[wallet])
            due = Due(source=Source.of_presence(1), wallet_id=wallet, revenue_id=revenue, due=Euro(dues[number % 5]))
            return ledger.settle(dues=[due], kind="charge", day=TODAY, memo="", by_id=None, now=clock.now())

    results = all_at_once(settle, 40)

    assert not [result for result in results if isinstance(result, Exception)]
    with scope(town.town.id):
        assert -town.balance("Anna") in dues
        charged = queries.charged_for(sources=[Source.of_presence(1)])[Source.of_presence(1)]
        assert charged.cents == -town.balance("Anna")
        assert verify.violations() == []


def test_crossing_passages_do_not_deadlock(town: Cast) -> None:
    with scope(town.town.id):
        ids = [town.wallet(name).pk for name in ("Anna", "Luca", "Amina")]
        other = ledger.account(kind="clearing", code="pagopa").pk

    def both(number: int) -> None:
        order = ids if number % 2 else ids[::-1]
        with scope(town.town.id):
            ledger.post(
                movements=[Movement(Source.of_receipt(f"{number}:{wallet}"), wallet, other, Euro(7)) for wallet in order],
                kind="top_up",
                day=TODAY,
                memo="",
                by_id=None,
                now=clock.now(),
            )

    results = all_at_once(both, 24)

    assert results == [None] * 24
    with scope(town.town.id):
        assert [town.balance(name) for name in ("Anna", "Luca", "Amina")] == [24 * 7] * 3


def test_a_failed_use_case_leaves_nothing(town: Cast) -> None:
    def fail() -> None:
        with scope(town.town.id):
            clearing = ledger.account(kind="clearing", code="pagopa").pk
            movement = Movement(
                source=Source.of_receipt("x"), wallet_id=town.wallet("Anna").pk, other_id=clearing, amount=Euro(100)
            )
            ledger.post(movements=[movement], kind="top_up", day=TODAY, memo="", by_id=None, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with scope(town.town.id):
        assert town.balance("Anna") == 0
        assert queries.movements_of(wallet_id=town.wallet("Anna").pk) == []
