"""What a proposal does when it is decided: its movement in the book, its act in the register, its letter."""

from datetime import datetime

from campanella.domains.adjusting import operations
from campanella.domains.adjusting.events import RefundLeft
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Movement, Passage
from campanella.domains.ledger.rules import AccountKind, Source
from campanella.domains.people import queries as people
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation
from campanella.usecases import corrections

audit.sentences(
    {
        "wallet.adjusted": "ha rettificato {service} di {amount}",
        "wallet.moved": "ha spostato {amount} da {giver} a {taker}",
        "wallet.given": "ha dato un credito di cortesia per {service}: {amount}",
        "wallet.written_off": "ha cancellato un debito di {service}: {amount}",
        "refund.approved": "ha approvato un rimborso di {service}: {amount}",
    }
)

REFUNDS = "refunds"
LONGEST_MEMO = 200
# Against which account each kind moves a wallet, and which act it leaves.
_AGAINST: dict[str, tuple[AccountKind, str, str]] = {
    "adjustment": ("adjustment", "office", "wallet.adjusted"),
    "goodwill": ("adjustment", "goodwill", "wallet.given"),
    "write_off": ("adjustment", "write_off", "wallet.written_off"),
    "refund": ("clearing", REFUNDS, "refund.approved"),
}


@operation
def do(*, by: Actor, proposal: ProposalView, now: datetime) -> None:
    """Do what was proposed, as its last step; its wallets are held. Part of the act that decides."""
    operations.step(by=by, proposal_id=proposal.id, kind="done", now=now)
    if proposal.kind == "passage" and proposal.taker_id is not None:
        _pass(by=by, proposal=proposal, taker_id=proposal.taker_id, now=now)
    else:
        _post(by=by, proposal=proposal, now=now)


def source_of(proposal: ProposalView) -> Source:
    """Return the key under which a proposal stands in the book."""
    match proposal.kind:
        case "adjustment":
            return Source.of_adjustment(proposal.key)
        case "passage":
            return Source.of_passage(proposal.key)
        case _:
            return Source.of_proposal(proposal.kind, proposal.id)


def _post(*, by: Actor, proposal: ProposalView, now: datetime) -> None:
    kind, code, action = _AGAINST[proposal.kind]
    against = ledger.account(kind=kind, code=code)
    source = source_of(proposal)
    ledger.post(
        movements=[Movement(source, proposal.wallet_id, against.pk, proposal.amount)],
        kind="adjustment" if proposal.kind == "passage" else proposal.kind,
        day=clock.day_of(now),
        memo=proposal.memo[:LONGEST_MEMO],
        by_id=by.actor_id,
        now=now,
    )
    is_signed = proposal.kind == "adjustment"
    amount = proposal.amount.italian(signed=True) if is_signed else str(abs(proposal.amount))
    audit.record(
        by=by,
        action=action,
        subjects=[f"child:{proposal.child_id}"],
        at=now,
        why=proposal.memo,
        data={"service": proposal.service_name, "amount": amount},
    )
    if proposal.kind == "refund":
        publish(RefundLeft(proposal_id=proposal.id))
    else:
        corrections.publish_corrected(wallet_id=proposal.wallet_id, source=source)


def _pass(*, by: Actor, proposal: ProposalView, taker_id: int, now: datetime) -> None:
    """Move credit between two families: what one reads of the other is nothing."""
    giver, taker = wallets.wallet(wallet_id=proposal.wallet_id), wallets.wallet(wallet_id=taker_id)
    amount = abs(proposal.amount)
    source = source_of(proposal)
    ledger.move(
        passages=[Passage(source, giver.id, taker.id, amount)],
        day=clock.day_of(now),
        memo=f"Giroconto dell’ufficio: {proposal.memo}"[:LONGEST_MEMO],
        by_id=by.actor_id,
        now=now,
    )
    names = people.called(child_ids=[giver.child_id, taker.child_id])
    audit.record(
        by=by,
        action="wallet.moved",
        subjects=[f"child:{child_id}" for child_id in sorted({giver.child_id, taker.child_id})],
        at=now,
        why=proposal.memo,
        data={
            "amount": str(amount),
            "giver": f"{names[giver.child_id]}, {giver.service_name}",
            "taker": f"{names[taker.child_id]}, {taker.service_name}",
        },
    )
    for wallet in (giver, taker):
        corrections.publish_corrected(wallet_id=wallet.id, source=source)
