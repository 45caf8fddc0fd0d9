"""The office puts a credit right: an adjustment with its reason, or a passage between two wallets of one family."""

from datetime import datetime

from campanella.domains.adjusting.operations import Wanted
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Passage
from campanella.domains.ledger.queries import WalletView
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.usecases import corrections
from campanella.usecases.adjusting import asking
from campanella.usecases.adjusting.asking import Asked
from campanella.usecases.adjusting.checks import NotEnoughCredit, ReasonMissing

MEMO_LENGTH = 200


class SameWallet(Refusal):
    """A passage needs two wallets."""

    message = "Da e verso sono lo stesso borsellino: scegline due diversi."


def adjust(*, by: Actor, wallet_id: int, amount: Euro, reason: str, key: str, now: datetime) -> Asked:
    """
    Adjust a wallet by hand; from the town's amount on it waits for a second person.

    :param amount: positive gives, negative takes
    :param key: of the form that asks; the same key again posts nothing
    :raises ReasonMissing: without a reason
    :raises NotFound: the town has no such wallet
    """
    wanted = Wanted(kind="adjustment", wallet_id=wallet_id, amount=amount, memo=reason.strip(), key=key)
    return asking.ask(by=by, wanted=wanted, now=now)


@use_case
def move(*, by: Actor, from_wallet_id: int, to_wallet_id: int, amount: Euro, reason: str, key: str, now: datetime) -> bool:
    """
    Move credit between two wallets of a child, or of a child and its siblings.

    :param key: of the form that asks; the same key again moves nothing
    :returns: False when it was moved before
    :raises ReasonMissing: without a reason
    :raises SameWallet: the two are one
    :raises NotEnoughCredit: the giving wallet holds less
    :raises NotFound: the two wallets are not of one family
    """
    why = _reason(reason)
    if from_wallet_id == to_wallet_id:
        raise SameWallet
    # The balance is read under the lock, so that two clerks cannot move the same credit twice.
    ledger.hold_wallets(wallet_ids=[from_wallet_id, to_wallet_id])
    giver, taker = wallets.wallet(wallet_id=from_wallet_id), wallets.wallet(wallet_id=to_wallet_id)
    if taker.id not in {wallet.id for wallet in wallets_of_family(child_id=giver.child_id)}:
        raise NotFound
    passage = Passage(Source.of_passage(key), giver.id, taker.id, amount)
    if giver.balance < amount and not wallets.is_posted(source=passage.source):
        raise NotEnoughCredit(f"In questo borsellino ci sono {giver.balance}: puoi spostare al massimo quelli.")
    names = _names(giver, taker)
    fresh = ledger.move(
        passages=[passage],
        day=clock.day_of(now),
        memo=f"Giroconto da {names[0]} a {names[1]}"[:MEMO_LENGTH],
        by_id=by.actor_id,
        now=now,
    )
    if not fresh:
        return False
    children = sorted({giver.child_id, taker.child_id})
    audit.record(
        by=by,
        action="wallet.moved",
        subjects=[f"child:{child_id}" for child_id in children],
        at=now,
        why=why,
        data={"amount": str(amount), "giver": names[0], "taker": names[1]},
    )
    for wallet in (giver, taker):
        corrections.publish_corrected(wallet_id=wallet.id, source=passage.source)
    return True


def wallets_of_family(*, child_id: int) -> list[WalletView]:
    """Return the wallets of a child and its siblings, the child's own first."""
    others = [sibling.id for sibling in people.siblings_of(child_id=child_id)]
    found = wallets.wallets_of(child_ids=[child_id, *others])
    return sorted(found, key=lambda wallet: wallet.child_id != child_id)


def _names(giver: WalletView, taker: WalletView) -> tuple[str, str]:
    names = people.called(child_ids=[giver.child_id, taker.child_id])
    first, second = (f"{names[wallet.child_id]}, {wallet.service_name}" for wallet in (giver, taker))
    return first, second


def _reason(reason: str) -> str:
    why = reason.strip()
    if not why:
        raise ReasonMissing
    return why
