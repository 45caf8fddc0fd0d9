"""Somebody of the office decides what waits: looks at it, does it, refuses it; or whoever asked takes it back."""

from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.adjusting import operations, queries
from campanella.domains.adjusting.events import ProposalRefused, ProposalWaits
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.adjusting.rules import StepKind
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.usecases import two_people
from campanella.usecases.adjusting import checks, posting
from campanella.usecases.adjusting.checks import OwnFamily, ReasonMissing
from campanella.usecases.two_people import SamePerson

audit.sentences(
    {
        "proposal.endorsed": "ha controllato, e passa a un collega: {what}, {service}, {amount}",
        "proposal.refused": "ha respinto: {what}, {service}, {amount}",
        "proposal.withdrawn": "ha ritirato: {what}, {service}, {amount}",
        "proposal.expired": "ha lasciato decadere: {what}, {service}, {amount}",
    }
)


class AlreadyDecided(Refusal):
    """Somebody was quicker, or it waits no longer."""

    message = "Questa richiesta è già stata decisa o ritirata: guarda com’è andata qui sotto."


@use_case
def confirm(*, by: User, proposal_id: int, now: datetime) -> ProposalView:
    """
    Decide for a proposal: it is done; or, where a family asked and two must decide, it is passed on to the second.

    :raises AlreadyDecided: it waits no longer
    :raises SamePerson: who asked for it, or has looked at it, would decide
    :raises InOneHand: one person may lately have held both accesses
    :raises OwnFamily: it is a child of one's own family
    :raises NotEnoughCredit: the wallet no longer holds what would leave it
    :raises TooMuchWrittenOff: the debt is smaller by now
    """
    proposal = _held(proposal_id=proposal_id, today=clock.day_of(now))
    _check_hands(by=by, proposal=proposal, now=now)
    checks.check_amount(kind=proposal.kind, wallet_id=proposal.wallet_id, amount=proposal.amount)
    if proposal.needs_look:
        _step(by=by, proposal=proposal, kind="endorsed", action="proposal.endorsed", now=now)
        publish(ProposalWaits(proposal_id=proposal.id))
    else:
        posting.do(by=by, proposal=proposal, now=now)
    return queries.proposal(proposal_id=proposal_id)


@use_case
def refuse(*, by: User, proposal_id: int, why: str, now: datetime) -> ProposalView:
    """
    Refuse a proposal; a family is told why.

    :raises AlreadyDecided: it waits no longer
    :raises ReasonMissing: without a reason
    """
    if not why.strip():
        raise ReasonMissing
    proposal = _held(proposal_id=proposal_id, today=clock.day_of(now))
    _step(by=by, proposal=proposal, kind="refused", action="proposal.refused", now=now, why=why.strip())
    if not proposal.by_office:
        publish(ProposalRefused(proposal_id=proposal_id))
    return queries.proposal(proposal_id=proposal_id)


@use_case
def withdraw(*, by: User, proposal_id: int, now: datetime) -> None:
    """
    Take back what one has asked for, as long as it waits.

    :raises AlreadyDecided: it waits no longer
    :raises NotFound: it was asked for by somebody else
    """
    proposal = _held(proposal_id=proposal_id, today=clock.day_of(now))
    if proposal.by_id != by.pk:
        raise NotFound
    _step(by=by, proposal=proposal, kind="withdrawn", action="proposal.withdrawn", now=now)


@use_case
def expire(*, by: Actor, proposal_id: int, now: datetime) -> None:
    """Let go of what has waited too long; one that was decided meanwhile is left as it is."""
    proposal = _hold(proposal_id)
    if proposal.state == "waiting" and _is_over(proposal, clock.day_of(now)):
        _step(by=by, proposal=proposal, kind="expired", action="proposal.expired", now=now)


def expire_all(*, by: Actor, now: datetime) -> int:
    """
    Let go of everything that has waited too long, each in a transaction of its own.

    :returns: how many
    """
    overdue = _overdue(today=clock.day_of(now))
    for proposal_id in overdue:
        expire(by=by, proposal_id=proposal_id, now=now)
    return len(overdue)


@use_case
def _overdue(*, today: date) -> list[int]:
    return queries.overdue(today=today)


def _held(*, proposal_id: int, today: date) -> ProposalView:
    """Hold a proposal's wallets, and return it as it stands then: two who decide at once come one after the other."""
    proposal = _hold(proposal_id)
    if proposal.state != "waiting" or _is_over(proposal, today):
        raise AlreadyDecided
    return proposal


def _hold(proposal_id: int) -> ProposalView:
    found = queries.proposal(proposal_id=proposal_id)
    ledger.hold_wallets(wallet_ids=[pk for pk in (found.wallet_id, found.taker_id) if pk is not None])
    return queries.proposal(proposal_id=proposal_id)


def _is_over(proposal: ProposalView, today: date) -> bool:
    return proposal.ends_on is not None and proposal.ends_on < today


def _check_hands(*, by: User, proposal: ProposalView, now: datetime) -> None:
    if by.pk == proposal.by_id:
        raise SamePerson
    children = [proposal.child_id]
    if proposal.taker_id is not None:
        children.append(wallets.wallet(wallet_id=proposal.taker_id).child_id)
    if checks.is_of_own_family(by=by, child_ids=children):
        raise OwnFamily
    two_people.check(hands=proposal.hands_so_far, by_id=by.pk, now=now)


def _step(*, by: Actor, proposal: ProposalView, kind: StepKind, action: str, now: datetime, why: str = "") -> None:
    operations.step(by=by, proposal_id=proposal.id, kind=kind, now=now, why=why)
    audit.record(
        by=by,
        action=action,
        subjects=[f"child:{proposal.child_id}"],
        at=now,
        why=why,
        data={"what": proposal.label, "service": proposal.service_name, "amount": str(abs(proposal.amount))},
    )
