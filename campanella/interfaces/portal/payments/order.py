"""
The order of a top-up, carried from step to step in the address: wallets, cents and a one-time key.

Nothing of it is kept in the session, so two tabs do not disturb each other and signing in again comes back to the same
amounts. Nothing in it is personal; every step checks it anew.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.foundation.core.money import Euro
from campanella.readings.family.purses import Purse, purse_for
from campanella.usecases.top_up import Line

LINE = re.compile(r"([0-9]{1,18})-([0-9]{1,9})")
NONCE = re.compile(r"[\w-]{12,40}", re.ASCII)


@dataclass(frozen=True)
class OrderLine:
    """How much into which wallet."""

    purse: Purse
    amount: Euro

    @property
    def becomes(self) -> Euro:
        """The credit when the money has arrived."""
        return self.purse.balance + self.amount

    @property
    def will_last(self) -> str:
        """How long that credit lasts."""
        return self.purse.credit.with_more(self.amount)


@dataclass(frozen=True)
class TopUpOrder:
    """What a family has chosen so far; ``nonce`` makes the same order sent twice one order."""

    lines: tuple[OrderLine, ...]
    nonce: str

    @property
    def total(self) -> Euro:
        """What is paid, without the fee."""
        return Euro(sum(line.amount.cents for line in self.lines))

    @property
    def query(self) -> str:
        """The order as the query of an address."""
        return urlencode([*(("r", f"{line.purse.id}-{line.amount.cents}") for line in self.lines), ("ordine", self.nonce)])

    @property
    def child_ids(self) -> list[int]:
        """The children it is for."""
        return list(dict.fromkeys(line.purse.child_id for line in self.lines))

    @property
    def wishes(self) -> list[Line]:
        """The order as the use case takes it."""
        return [Line(wallet_id=line.purse.id, amount=line.amount) for line in self.lines]


def new_order(lines: Sequence[OrderLine]) -> TopUpOrder:
    """Begin an order under a key of its own."""
    return TopUpOrder(tuple(lines), secrets.token_urlsafe(12))


def read_order(query: QueryDict, *, purses: Sequence[Purse], choices: TopUpChoices) -> TopUpOrder | None:
    """
    Read an order from an address; None when it is incomplete, was changed by hand or no longer fits the town's limits.

    :raises NotFound: a wallet is another family's
    """
    lines = read_lines(query, purses=purses)
    nonce = query.get("ordine", "")
    wallets = {line.purse.id for line in lines}
    fits = all(choices.top_up_min <= line.amount.cents <= choices.top_up_max for line in lines)
    if not lines or len(lines) > MOST_NOTICES or len(wallets) < len(lines) or not fits or not NONCE.fullmatch(nonce):
        return None
    return TopUpOrder(tuple(lines), nonce)


def read_lines(query: QueryDict, *, purses: Sequence[Purse]) -> list[OrderLine]:
    """
    Read the amounts of an address, whether or not they make an order; what is no amount is left out.

    :raises NotFound: a wallet is another family's
    """
    found = [LINE.fullmatch(text) for text in query.getlist("r")]
    return [OrderLine(purse_for(purses=purses, wallet_id=int(match[1])), Euro(int(match[2]))) for match in found if match]
