"""
What of a year's money is certified, and for whom: cash principle, traceable payments, refunds, passages, shares.

A wallet's year is a pool: what each payer paid in it, traceably or in cash. A passage carries the giver's pool along, in the
same proportions, and the way back brings what it had taken; a refund gives it back. So no cent is certified twice, and none
that nobody paid in that year.

A refund gives back what was there on its day, the newest payments first (what is used is taken from the oldest): never money
that came in after it. What it takes of earlier years lessens no certificate of its own year, and is told with their years.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from campanella.foundation.core.money import Euro

# No letters or digits that are misread on paper; 12 of 26 signs are 56 bits: nobody guesses one.
CODE_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"
CODE_LENGTH = 12
IN_FOURS = 4


@dataclass(frozen=True, order=True)
class Payer:
    """Who paid; the tax code is empty where nobody knows it."""

    tax_code: str
    name: str


@dataclass(frozen=True)
class Paid:
    """
    Money that came into a wallet from outside in the year.

    :ivar means: how it was paid, in words
    :ivar reference: of the payment, such as the IUR
    """

    wallet_id: int
    payer: Payer
    means: str
    is_traceable: bool
    cents: int
    day: date
    reference: str = ""


@dataclass(frozen=True)
class Back:
    """
    Money that left a wallet for outside in the year: a refund, or a direct debit that was returned.

    :ivar day: on which it left, and never before what the book had by then
    :ivar payer: whose debit came back; None for a refund, which is of all that was there
    """

    wallet_id: int
    cents: int
    day: date = date.max
    payer: Payer | None = None


@dataclass(frozen=True)
class Passage:
    """Credit moved between two wallets in the year, in the order in which it was."""

    giver_id: int
    taker_id: int
    cents: int
    day: date = date.max


@dataclass
class Share:
    """
    What one payer has of one wallet's year, in cents.

    :ivar paid: traceably, in the year
    :ivar cash: in cash, never certified where the law asks for a trace
    :ivar moved: of the traceable part, in from (positive) or out to (negative) other wallets
    :ivar refunded: of the traceable part
    """

    paid: int = 0
    cash: int = 0
    moved: int = 0
    refunded: int = 0
    cash_moved: int = 0
    means: set[str] = field(default_factory=set)

    @property
    def certified(self) -> int:
        """What may be certified."""
        return self.paid + self.moved - self.refunded

    @property
    def cash_left(self) -> int:
        """What of the pool is cash."""
        return self.cash + self.cash_moved


Pools = dict[int, dict[Payer, Share]]


@dataclass(frozen=True)
class Year:
    """
    Every wallet's pool at the end of the year.

    :ivar earlier: by wallet, refunds of what was paid in earlier years, in cents
    """

    pools: Pools
    earlier: Mapping[int, int]


def pools_of(
    *,
    paid: Sequence[Paid],
    passages: Sequence[Passage],
    back: Sequence[Back],
    needs_trace: bool,
    before: Sequence[Passage] = (),
) -> Year:
    """
    Pool a year's payments by wallet and payer, carry passages along, take refunds out.

    :param paid: of the year, by the day of payment (cash principle)
    :param passages: in their order
    :param needs_trace: cash does not count
    :param before: passages of earlier years, in their order: one that is undone now brings nothing of this year back
    """
    pools: Pools = {}
    earlier: dict[int, int] = {}
    carried: dict[tuple[int, int], list[_Carried]] = {}
    for one_before in before:
        _pass_on({}, one_before, carried)
    # Of one day what came in is first, and what went out last: sorting leaves the rest in its order.
    moved: list[Paid | Passage | Back] = [*paid, *passages, *back]
    for one in sorted(moved, key=lambda one: one.day):
        if isinstance(one, Paid):
            _pay(pools, one, needs_trace)
        elif isinstance(one, Passage):
            _pass_on(pools, one, carried)
        elif left := _give_back(pools.get(one.wallet_id, {}), one):
            earlier[one.wallet_id] = earlier.get(one.wallet_id, 0) + left
    return Year(pools, earlier)


@dataclass(frozen=True)
class Earlier:
    """What refunds of a year gave back of an earlier one's traceable payments, in cents."""

    wallet_id: int
    payer: Payer
    year: int
    cents: int


def of_earlier_years(years: Sequence[tuple[int, Year]]) -> list[Earlier]:
    """
    Say of which years and payers the last year's refunds are that its own payments do not cover, the newest year first.

    :param years: one after the other, each with its pools; what refunds of one took is not there for those of the next
    """
    left: dict[int, list[tuple[int, dict[Payer, Share]]]] = {}
    found: list[Earlier] = []
    for number, year in years:
        found = []
        for wallet_id, cents in year.earlier.items():
            for before, pool in reversed(left.get(wallet_id, [])):
                parts = _parts(pool, cents)
                cents -= sum(traced + cash for _, _, traced, cash in parts)
                for payer, share, traced, cash in parts:
                    share.refunded += traced
                    share.cash_moved -= cash
                    found += [Earlier(wallet_id, payer, before, traced)] if traced else []
        for wallet_id, pool in year.pools.items():
            left.setdefault(wallet_id, []).append((number, {payer: replace(share) for payer, share in pool.items()}))
    return found


def _parts(pool: Mapping[Payer, Share], cents: int) -> list[tuple[Payer, Share, int, int]]:
    """Split what leaves a pool among its payers, traceable and cash, in their proportions; never more than it holds."""
    held = [(payer, share) for payer, share in sorted(pool.items(), key=lambda one: one[0])]
    weights = [max(0, amount) for _, share in held for amount in (share.certified, share.cash_left)]
    taken = min(cents, sum(weights))
    if taken <= 0:
        return []
    shares = Euro(taken).shared(weights)
    return [
        (payer, share, shares[2 * place].cents, shares[2 * place + 1].cents) for place, (payer, share) in enumerate(held)
    ]


def _pay(pools: Pools, one: Paid, needs_trace: bool) -> None:
    share = pools.setdefault(one.wallet_id, {}).setdefault(one.payer, Share())
    if one.is_traceable or not needs_trace:
        share.paid += one.cents
        share.means.add(one.means)
    else:
        share.cash += one.cents


@dataclass
class _Carried:
    """What a passage took along, in cents: of its sum, by payer (traceable, cash), and the means that came with it."""

    cents: int
    parts: dict[Payer, tuple[int, int]]
    means: dict[Payer, set[str]]


def _pass_on(pools: Pools, passage: Passage, carried: dict[tuple[int, int], list[_Carried]]) -> None:
    """
    Carry a part of the giver's pool along; first goes back what earlier passages had brought, the last one first.

    Two that cancel each other leave every pool as it was, whoever has paid in between.
    """
    cents = passage.cents
    brought = carried.get((passage.taker_id, passage.giver_id), [])
    while cents and brought:
        last = brought[-1]
        taken = min(cents, last.cents)
        _bring_back(pools, passage, last, taken)
        cents -= taken
        if not last.cents:
            brought.pop()
    if cents:
        carried.setdefault((passage.giver_id, passage.taker_id), []).append(_carry(pools, passage, cents))


def _bring_back(pools: Pools, passage: Passage, last: _Carried, cents: int) -> None:
    """Give a part of what a passage took along back to whom it was taken from, as far as it is still there."""
    giver, taker = pools.get(passage.giver_id, {}), pools.setdefault(passage.taker_id, {})
    whole = sum(traced + cash for traced, cash in last.parts.values())
    weights = [amount for part in last.parts.values() for amount in part]
    amounts = [one.cents for one in Euro(whole * cents // last.cents).shared(weights)] if whole else weights
    last.cents -= cents
    for place, payer in enumerate(list(last.parts)):
        traced, cash = amounts[2 * place], amounts[2 * place + 1]
        before = last.parts[payer]
        last.parts[payer] = (before[0] - traced, before[1] - cash)
        held, got = giver.get(payer, Share()), taker.setdefault(payer, Share())
        traced, cash = min(traced, max(0, held.certified)), min(cash, max(0, held.cash_left))
        _move(held, got, traced, cash)
        if not last.cents:
            held.means -= last.means.get(payer, set())
        if payer in giver and replace(held, means=set()) == Share():
            del giver[payer]


def _carry(pools: Pools, passage: Passage, cents: int) -> _Carried:
    giver = pools.get(passage.giver_id, {})
    taker = pools.setdefault(passage.taker_id, {})
    carried = _Carried(cents, {}, {})
    for payer, share, traced, cash in _parts(giver, cents):
        got = taker.setdefault(payer, Share())
        _move(share, got, traced, cash)
        carried.parts[payer] = (traced, cash)
        if traced:
            carried.means[payer] = share.means - got.means
            got.means |= share.means
    return carried


def _move(giver: Share, taker: Share, traced: int, cash: int) -> None:
    giver.moved -= traced
    giver.cash_moved -= cash
    taker.moved += traced
    taker.cash_moved += cash


def _give_back(pool: Mapping[Payer, Share], back: Back) -> int:
    """Take money that went back out of a pool, and return what the pool did not hold: it was paid in an earlier year."""
    cents = back.cents
    mine = pool.get(back.payer) if back.payer else None
    if mine:
        # A debit that came back was never paid by whose account it was; what others have paid stands.
        own = min(cents, max(0, mine.certified))
        mine.refunded += own
        cents -= own
    parts = _parts(pool, cents)
    for _, share, traced, cash in parts:
        share.refunded += traced
        share.cash_moved -= cash
    return cents - sum(traced + cash for _, _, traced, cash in parts)


def by_use(*, pool: Mapping[Payer, Share], used: int, opening: int, closing: int) -> dict[Payer, int]:
    """
    Return what of the services used in a year each payer may certify, where the town certifies use.

    What was used on credit is not paid yet; an old debt that was paid is. Only the traceable share of what the pool holds
    counts; with an empty pool the payers are unknown, and nothing does.

    :param used: charges less what was given back, in cents
    :param opening: of the wallet on the first day, in cents; so ``closing`` on the last
    """
    covered = max(0, used + max(0, -opening) - max(0, -closing))
    whole = [(payer, share) for payer, share in sorted(pool.items(), key=lambda one: one[0])]
    weights = [max(0, amount) for _, share in whole for amount in (share.certified, share.cash_left)]
    if not sum(weights):
        return {}
    shares = Euro(covered).shared(weights)
    return {payer: shares[2 * place].cents for place, (payer, _) in enumerate(whole)}


def by_service(*, cents: int, used: Mapping[int, int]) -> dict[int, int]:
    """
    Split what was paid into a wallet of all services by what was used of each, to the cent; unused, it is the first one's.

    :param used: by service, in cents
    """
    services = sorted(used)
    weights = [max(0, used[service]) for service in services]
    if not services:
        return {}
    if not sum(weights):
        return {services[0]: cents}
    return {service: share.cents for service, share in zip(services, Euro(cents).shared(weights), strict=True)}


def shared_between(*, cents: int, percents: Sequence[int]) -> list[int]:
    """Split an amount between parents by percent, to the cent; who comes first gets the odd cent."""
    return [share.cents for share in Euro(cents).shared(percents)]


def percents_of(*, payer: str, parents: Sequence[str], written: Mapping[str, int], payers: int) -> dict[str, int]:
    """
    Return by tax code the percent that each parent deducts.

    As it is written; else half each between two parents when one of them paid all of the child's year, and whole for the
    payer otherwise: who has a certificate of its own deducts what it paid.

    :param payer: tax code of the one the certificate is for
    :param parents: tax codes, each known
    :param written: by tax code; adds up to 100
    :param payers: how many people paid for the child in the year
    """
    if written and payers == 1:
        return dict(written)
    if payers == 1 and len(parents) == 2 and payer in parents:
        return {payer: 50, **{one: 50 for one in parents if one != payer}}
    return {payer: 100}


def rounded(cents: int) -> int:
    """Round to the whole euro as the yearly file asks for: fifty cents go up."""
    return (cents + 50) // 100


def address_of(*, nursery: str, said: str) -> str:
    """
    Return the address of a nursery out of what the town has said; empty where it has said none.

    :param said: one address for all, or ``Nido Arcobaleno: Via dei Tigli 3; Nido Coccinella: Via Po 1``
    """
    named = [part.partition(":") for part in said.split(";") if ":" in part]
    for name, _, address in named:
        if name.strip().casefold() == nursery.strip().casefold():
            return address.strip()
    return "" if named else said.strip()


def new_code() -> str:
    """Make the verification code of a certificate: it says nothing about anybody, and nobody guesses it."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def written_code(code: str) -> str:
    """Write a verification code as it is printed: in groups of four."""
    return "-".join(code[start : start + IN_FOURS] for start in range(0, len(code), IN_FOURS))


def read_code(text: str) -> str:
    """Read a verification code however it was typed; what could be none is empty."""
    typed = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    return typed if len(typed) == CODE_LENGTH and set(typed) <= set(CODE_ALPHABET) else ""
