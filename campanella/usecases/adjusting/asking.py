"""
Somebody asks for a credit to be put right: done at once where one person decides, else it waits for the second.

The form's key makes a second sending harmless: it finds what the first has asked for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.adjusting import operations, queries, rules
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.domains.adjusting.events import ProposalWaits
from campanella.domains.adjusting.operations import Wanted
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.debiting.mandates import NotReadableName, is_readable
from campanella.domains.debiting.rules.accounts import Account
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.people import searching
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.adjusting import checks, posting
from campanella.usecases.adjusting.checks import ActMissing, ReasonMissing

audit.sentences(
    {
        "proposal.made": "ha proposto, in attesa di un collega: {what}, {service}, {amount}",
        "proposal.asked": "ha chiesto un rimborso su IBAN: {service}, {amount}",
    }
)


class AskedBefore(Refusal):
    """A refund of this wallet waits already."""

    message = "Per questo borsellino c’è già una richiesta di rimborso che aspetta."


class NotOffered(Refusal):
    """The town takes no requests of refunds on-line, or not for this wallet."""

    message = "Per questo borsellino il rimborso si chiede all’ufficio."


class OneFamily(Refusal):
    """The two wallets are of one family: a plain passage does it."""

    message = "I due bambini sono della stessa famiglia: basta un giroconto normale."


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What became of a request.

    :ivar is_new: False when the same form had asked for it before
    """

    proposal: ProposalView
    is_new: bool

    @property
    def is_waiting(self) -> bool:
        """Tell whether somebody else must decide."""
        return self.proposal.state == "waiting"


@use_case
def ask(*, by: Actor, wanted: Wanted, now: datetime) -> Asked:
    """
    Ask, as the office, for a credit to be put right; it is done at once where one person decides.

    :raises ReasonMissing: without a reason
    :raises ActMissing: a debt is written off without an act
    :raises NotEnoughCredit: more would leave than there is
    :raises TooLittle: a refund below what the town gives back
    :raises TooMuchWrittenOff: no debt of that size
    :raises AskedBefore: a refund of the wallet waits
    :raises OneFamily: a passage between families that are one
    :raises NotReadableName: a refund's holder is written in another alphabet
    :raises NotFound: the town has no such wallet
    """
    if wanted.kind == "goodwill":
        # Two kindnesses of one person at once: the second sees what the first has spent.
        sql.take_turns(f"goodwill of {by.actor_id}", active_town_id())
    return _ask(by=by, wanted=wanted, by_office=True, now=now)


@use_case
def ask_as_family(
    *, by: User, wallet_id: int, account: Account, holder_name: str, memo: str, key: str, now: datetime
) -> Asked:
    """
    Ask, as a family, for what is left in a wallet to be paid to an account; the office decides.

    :raises NotFound: the wallet is of no child of this family
    :raises NotOffered: the town takes such requests at the office only, or the service goes on
    :raises NotEnoughCredit: nothing is left
    :raises TooLittle: less is left than the town gives back
    :raises AskedBefore: one waits already
    :raises NotReadableName: the holder is written in another alphabet
    """
    ledger.hold_wallets(wallet_ids=[wallet_id])
    wallet = wallets.wallet(wallet_id=wallet_id)
    people.child_for(user=by, child_id=wallet.child_id)
    before = queries.by_key(key=key)
    if before and before.by_id == by.pk:
        return Asked(before, is_new=False)
    if not active_town().chosen(AdjustChoices).refund_online or _goes_on(wallet, clock.day_of(now)):
        raise NotOffered
    wanted = Wanted(
        kind="refund",
        wallet_id=wallet_id,
        amount=Euro(-max(0, wallet.balance.cents)),
        memo=memo,
        key=key,
        account=account,
        holder_name=holder_name,
    )
    return _ask(by=by, wanted=wanted, by_office=False, now=now)


def _ask(*, by: Actor, wanted: Wanted, by_office: bool, now: datetime) -> Asked:
    if not wanted.memo.strip():
        raise ReasonMissing
    if wanted.kind == "write_off" and not wanted.act_number.strip():
        raise ActMissing
    if wanted.kind == "refund" and not is_readable(wanted.holder_name):
        raise NotReadableName
    held = [wallet for wallet in (wanted.wallet_id, wanted.taker_id) if wallet is not None]
    ledger.hold_wallets(wallet_ids=held)
    before = queries.by_key(key=wanted.key)
    if before:
        return Asked(before, is_new=False)
    wallet = checks.check_amount(kind=wanted.kind, wallet_id=wanted.wallet_id, amount=wanted.amount)
    children = [wallet.child_id]
    if wanted.kind == "refund" and queries.open_refund(wallet_id=wanted.wallet_id):
        raise AskedBefore
    if wanted.taker_id is not None:
        children.append(_of_another_family(wallet.child_id, wanted.taker_id))
    hands = _hands(by=by, wanted=wanted, children=children, by_office=by_office, now=now)
    made = operations.propose(
        by=by, wanted=wanted, hands=hands, by_office=by_office, ends_on=_ends_on(by_office, now), now=now
    )
    proposal = queries.proposal(proposal_id=made.pk)
    if hands == 1 and by_office:
        posting.do(by=by, proposal=proposal, now=now)
    else:
        _wait(by=by, proposal=proposal, now=now)
    return Asked(queries.proposal(proposal_id=made.pk), is_new=True)


def _goes_on(wallet: WalletView, today: date) -> bool:
    """Tell whether a child still uses what its wallet pays for: then the credit serves."""
    used = enrolment.enrolled(child_ids=[wallet.child_id], day=today)
    return bool(enrolment.paid_by(enrolled=used, child_id=wallet.child_id, service_id=wallet.service_id))


def _of_another_family(child_id: int, taker_id: int) -> int:
    """Return whose the receiving wallet is."""
    other = wallets.wallet(wallet_id=taker_id).child_id
    if other == child_id or other in {sibling.id for sibling in people.siblings_of(child_id=child_id)}:
        raise OneFamily
    return other


def _hands(*, by: Actor, wanted: Wanted, children: list[int], by_office: bool, now: datetime) -> int:
    """Say how many people of the office decide; who works at the console of the house is on record as such."""
    choices, cents = active_town().chosen(AdjustChoices), wanted.amount.cents
    if by_office and by.actor_id is None:
        return 1
    if by_office and checks.is_of_own_family(by=by, child_ids=children):
        return 2
    since = now - timedelta(days=rules.TOGETHER_DAYS)
    alone = queries.moved_alone(wallet_id=wanted.wallet_id, kind=wanted.kind, since=since).cents
    match wanted.kind:
        case "adjustment":
            return rules.hands_for_adjustment(cents=cents, second_from=choices.adjust_second_person, alone=alone)
        case "refund":
            return rules.hands_for_adjustment(cents=cents, second_from=choices.refund_second_person, alone=alone)
        case "goodwill":
            spent = queries.given_alone(by_id=by.actor_id or 0, year=clock.day_of(now).year)
            return rules.hands_for_goodwill(cents=cents, spent=spent.cents, yearly=choices.goodwill_yearly)
        case _:
            return 2


def _ends_on(by_office: bool, now: datetime) -> date | None:
    """Return until when it waits; what a family asks for waits until somebody answers."""
    days = active_town().chosen(AdjustChoices).proposal_days
    return clock.day_of(now) + timedelta(days=days) if by_office else None


def _wait(*, by: Actor, proposal: ProposalView, now: datetime) -> None:
    told = {"service": proposal.service_name, "amount": _told(proposal)}
    audit.record(
        by=by,
        action="proposal.made" if proposal.by_office else "proposal.asked",
        subjects=[f"child:{proposal.child_id}"],
        at=now,
        why=proposal.memo,
        data={"what": proposal.label, **told} if proposal.by_office else told,
    )
    publish(ProposalWaits(proposal_id=proposal.id))


def _told(proposal: ProposalView) -> str:
    """Say an amount: signed where both ways are possible."""
    is_signed = proposal.kind == "adjustment"
    return proposal.amount.italian(signed=True) if is_signed else str(abs(proposal.amount))


def wallet_of_child_called(*, code: str, like_wallet_id: int) -> int:
    """
    Return the wallet of the child with a code that serves what another wallet serves, for a passage to another family.

    :raises NotFound: no child has the code, or it has no such wallet
    """
    giver = wallets.wallet(wallet_id=like_wallet_id)
    child = next((one for one in searching.children(text=code.strip(), limit=2) if one.code == code.strip()), None)
    mine = wallets.wallets_of(child_ids=[child.pk]) if child else []
    same = [one for one in mine if one.service_id == giver.service_id] or mine
    if not same:
        raise NotFound
    return same[0].id
