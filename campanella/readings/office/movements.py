"""The movements of a child as the office reads them: wallet by wallet, in the words and sums of the family's own pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import MovementLine, WalletView
from campanella.foundation.core import clock
from campanella.readings.movements import Told, told
from campanella.readings.wallet_sums import Account, account, account_of_lines


@dataclass(frozen=True)
class Span:
    """Days on which movements were booked, both included; None is without end."""

    first: date | None = None
    last: date | None = None


EVER = Span()


@dataclass(frozen=True)
class Book:
    """
    What moved one wallet, newest first, each with the credit after it.

    :ivar account: opening, sums and closing of the whole span; None where nothing moved, and on later pages
    :ivar next: the entry after which the next page goes on, 0 on the last one
    """

    wallet: WalletView
    told: list[Told]
    account: Account | None
    next: int


def books(*, wallets: Sequence[WalletView], span: Span = EVER, most: int, before: int | None = None) -> list[Book]:
    """
    Return what moved each of these wallets, in their order.

    One query a wallet, a second one where there is more than is shown, and at most ten for the words of all.

    :param most: movements of each wallet
    :param before: go on after this entry, for the next page
    """
    found = {wallet.id: _lines(wallet, span, most + 1, before) for wallet in wallets}
    words: dict[int, Told] = {}
    for is_shared in (False, True):
        mine = [wallet.id for wallet in wallets if (wallet.service_id is None) == is_shared]
        lines = [line for wallet_id in mine for line in found[wallet_id][:most]]
        # A passage moves two wallets by one entry: what is told of it differs by its sign.
        words |= {id(one.line): one for one in told(lines=lines, is_shared=is_shared)}
    return [
        Book(
            wallet=wallet,
            told=[words[id(line)] for line in lines[:most]],
            account=None if before else _account(wallet.id, span, lines, is_whole=len(lines) <= most),
            next=lines[most - 1].entry_id if len(lines) > most else 0,
        )
        for wallet in wallets
        for lines in [found[wallet.id]]
    ]


def _lines(wallet: WalletView, span: Span, most: int, before: int | None) -> list[MovementLine]:
    return ledger.movements_of(wallet_id=wallet.id, first=span.first, last=span.last, limit=most, before_entry=before)


def _account(wallet_id: int, span: Span, lines: Sequence[MovementLine], *, is_whole: bool) -> Account | None:
    if is_whole:
        return account_of_lines(lines)
    return account(wallet_id=wallet_id, first=span.first or clock.FIRST_DAY, last=span.last or clock.LAST_DAY)
