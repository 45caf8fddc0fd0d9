"""A thousand random histories against a model that knows nothing of SQL; the seed is in the test's name."""

import random
from datetime import date

import pytest

from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries, verify
from campanella.domains.ledger.operations import Due, Movement
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from tests.towns import TODAY, Cast

HISTORIES = 1000
CHUNK = 50


class Model:
    """What the book should say, in dictionaries."""

    def __init__(self, wallets: list[int]) -> None:
        self.balance = dict.fromkeys(wallets, 0)
        self.charged: dict[str, tuple[int, int]] = {}
        self.posted: set[str] = set()

    def settle(self, source: str, wallet: int, due: int) -> None:
        _, before = self.charged.get(source, (wallet, 0))
        self.charged[source] = (wallet, due)
        self.balance[wallet] += before - due

    def post(self, source: str, wallet: int, cents: int) -> None:
        if source not in self.posted and cents:
            self.posted.add(source)
            self.balance[wallet] += cents


# The first fifty are quick.
@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(CHUNK, HISTORIES, CHUNK))]
)
def test_the_book_agrees_with_the_model(valle: Cast, first: int) -> None:
    wallets = [valle.wallet(name).pk for name in ("Anna", "Luca", "Amina")] + [valle.wallet("Anna", "scuolabus").pk]
    revenue = ledger.account(kind="revenue", code="mensa").pk
    against = ledger.account(kind="adjustment", code="office").pk
    model = Model(wallets)
    for seed in range(first, first + CHUNK):
        _history(random.Random(seed), seed, model, wallets, revenue, against)
        said = {wallet: queries.wallet(wallet_id=wallet).balance.cents for wallet in wallets}
        assert said == model.balance, f"seed {seed}"
    assert verify.violations() == []
    for wallet in wallets:
        lines = queries.movements_of(wallet_id=wallet, limit=100_000)
        assert (lines[0].balance_after.cents if lines else 0) == model.balance[wallet]


def _history(dice: random.Random, seed: int, model: Model, wallets: list[int], revenue: int, against: int) -> None:
    owners = {n: dice.choice(wallets) for n in range(4)}
    for _ in range(dice.randint(3, 7)):
        day: date = TODAY
        if dice.random() < 0.6:
            chosen = dice.sample(range(4), dice.randint(1, 4))
            dues = [(Source(f"presence:{seed}:{n}"), owners[n], dice.choice([0, 150, 310, 460, 590])) for n in chosen]
            for source, wallet, due in dues:
                model.settle(source, wallet, due)
            for _ in range(dice.randint(1, 2)):  # a retry changes nothing
                ledger.hold_wallets(wallet_ids=[wallet for _, wallet, _ in dues])
                ledger.settle(
                    dues=[Due(source, wallet, revenue, Euro(due)) for source, wallet, due in dues],
                    kind="charge",
                    day=day,
                    memo="",
                    by_id=None,
                    now=clock.now(),
                )
        else:
            n, cents = dice.randint(0, 2), dice.choice([-700, 1, 500, 2000, 0])
            source, wallet = Source.of_adjustment(f"{seed}:{n}"), owners[n]
            model.post(source, wallet, cents)
            ledger.post(
                movements=[Movement(source, wallet, against, Euro(cents))],
                kind="adjustment",
                day=day,
                memo="",
                by_id=None,
                now=clock.now(),
            )
