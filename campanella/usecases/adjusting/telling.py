"""What the office and the families are told of proposals, refunds and what became of them."""

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import asked, queries
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import WalletView
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.adjusting import posting
from campanella.usecases.messages import adjusting


@use_case
def tell_waiting(*, proposal_id: int) -> None:
    """Tell the office, and everybody of it who could decide, what waits; what was decided meanwhile tells nobody."""
    proposal = queries.proposal(proposal_id=proposal_id)
    if proposal.state != "waiting":
        return
    hands = {*proposal.hands_so_far, proposal.by_id}
    colleagues = [one.email for one in users.staff() if Role.OFFICE in one.roles and one.is_active and one.pk not in hands]
    addresses = list(dict.fromkeys(one for one in (active_town().choices.office_email, *colleagues) if one))
    adjusting.proposal_waits(
        addresses=addresses,
        key=f"{proposal.id}:{len(proposal.hands_so_far)}",
        label=proposal.label,
        amount=abs(proposal.amount),
        who=proposal.by_label,
        by_office=proposal.by_office,
        now=clock.now(),
    )


@use_case
def tell_refused(*, proposal_id: int) -> None:
    """Tell a family that the office refuses what it asked for, and why."""
    proposal = queries.proposal(proposal_id=proposal_id)
    payer, child, wallet = _whose(proposal)
    if payer:
        adjusting.refund_refused(
            payer=payer,
            child=child,
            wallet=wallet,
            amount=abs(proposal.amount),
            why=proposal.why,
            key=proposal.id,
            now=clock.now(),
        )


@use_case
def tell_left(*, proposal_id: int) -> None:
    """Tell a family that its refund is approved, and what is left."""
    proposal = queries.proposal(proposal_id=proposal_id)
    payer, child, wallet = _whose(proposal)
    moment = wallets.moment_of(wallet_id=wallet.id, source=posting.source_of(proposal))
    if payer and moment:
        adjusting.refund_left(
            payer=payer,
            child=child,
            wallet=wallet,
            moment=moment,
            amount=abs(proposal.amount),
            account=str(proposal.account),
            key=proposal.id,
            now=clock.now(),
        )


@use_case
def tell_answered(*, coming_id: int) -> None:
    """Tell a family that its refund was paid; or that it came back, why, and what to do now."""
    coming = asked.coming(coming_id=coming_id)
    proposal = queries.proposal(proposal_id=coming.proposal_id)
    payer, child, wallet = _whose(proposal)
    if payer is None:
        return
    now, amount, account = clock.now(), abs(proposal.amount), str(proposal.account)
    if coming.kind == "executed":
        adjusting.refund_paid(
            payer=payer, child=child, wallet=wallet, amount=amount, account=account, key=coming_id, now=now
        )
        return
    moment = wallets.moment_of(wallet_id=wallet.id, source=Source.of_proposal("sent_back", proposal.id))
    if moment:
        adjusting.refund_back(
            payer=payer,
            child=child,
            wallet=wallet,
            moment=moment,
            amount=amount,
            account=account,
            words=coming.words,
            key=coming_id,
            now=now,
        )


def _whose(proposal: ProposalView) -> tuple[Guardian | None, Child, WalletView]:
    payer = people.payer_of(child_id=proposal.child_id)
    return payer, people.child(child_id=proposal.child_id), wallets.wallet(wallet_id=proposal.wallet_id)
