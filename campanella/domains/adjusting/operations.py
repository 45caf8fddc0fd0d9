"""Writing down what is proposed and what is decided of it; the caller holds the wallets, so that nothing is done twice."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.adjusting.models import Proposal, Step
from campanella.domains.adjusting.rules import Kind, StepKind
from campanella.domains.debiting.rules.accounts import Account
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

LONGEST_MEMO = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What somebody wants to put right.

    :ivar amount: what comes into the wallet, below zero leaves it
    :ivar memo: the reason, for the family
    :ivar key: of the form that asks
    :ivar account: where a refund goes, and whose it is
    """

    kind: Kind
    wallet_id: int
    amount: Euro
    memo: str
    key: str
    act_number: str = ""
    taker_id: int | None = None
    account: Account | None = None
    holder_name: str = ""


@operation
def propose(*, by: Actor, wanted: Wanted, hands: int, by_office: bool, ends_on: date | None, now: datetime) -> Proposal:
    """Write down what is wanted; whether it is done at once, the caller decides."""
    account = wanted.account
    return Proposal.objects.create(
        kind=wanted.kind,
        wallet_id=wanted.wallet_id,
        taker_id=wanted.taker_id,
        cents=wanted.amount.cents,
        memo=wanted.memo[:LONGEST_MEMO],
        act_number=wanted.act_number,
        key=wanted.key,
        hands=hands,
        by_office=by_office,
        by_id=by.actor_id,
        by_label=by.actor_label[:120],
        at=now,
        ends_on=ends_on,
        holder_name=wanted.holder_name,
        iban=account.iban if account else "",
        bic=account.bic if account else "",
    )


@operation
def step(*, by: Actor, proposal_id: int, kind: StepKind, now: datetime, why: str = "") -> Step:
    """Write down what was decided of a proposal; a second end is refused by the database."""
    return Step.objects.create(
        proposal_id=proposal_id, kind=kind, at=now, by_id=by.actor_id, by_label=by.actor_label[:120], why=why[:200]
    )
