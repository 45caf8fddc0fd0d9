"""Telling a family that a credit is low: once for each threshold, never at school."""

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.billing.after import wallets_paid_after
from campanella.readings.credit import calm, credit_of
from campanella.usecases.messages import letters


@use_case
def look(*, wallet_ids: list[int]) -> None:
    """
    Look at the credit of wallets that have moved: tell what is low, and let what has recovered be told again.

    They are held first: what is told is true when it is written, and no second look at the same wallet comes in between.
    Who pays after the month goes below zero every day: nothing is low.
    What a refund has emptied was emptied because its family asked: that is told when it moves again, not by the refund.
    A price is today's: what a day of last month cost says nothing of how long the credit lasts.
    """
    holding.hold_wallets(wallet_ids=wallet_ids)
    now, limits = clock.now(), active_town().chosen(CreditChoices)
    found = wallets.wallets_by_id(wallet_ids=wallet_ids)
    enrolled = enrolment.enrolled(child_ids=[wallet.child_id for wallet in found], day=clock.day_of(now))
    after = wallets_paid_after(wallets=found, enrolled=enrolled, day=clock.day_of(now))
    found = [wallet for wallet in found if wallet.id not in after]
    held = {wallet.id: (wallet, credit_of(wallet=wallet, enrolled=enrolled, limits=limits)) for wallet in found}
    reached = {wallet_id: set(credit.levels) for wallet_id, (_, credit) in held.items()}
    for wallet_id in wallets.last_moved_by(wallet_ids=[pk for pk, levels in reached.items() if levels], kind="refund"):
        del reached[wallet_id]
    for wallet_id, level in ledger.note_levels(reached=reached, now=now):
        wallet, credit = held[wallet_id]
        _tell(wallet=wallet, kind=credit.kind, level=level)


def with_the_next(**_: object) -> None:
    """Leave a look that names no wallet, as the release before queued it, to the next movement."""


def _tell(*, wallet: WalletView, kind: str, level: str) -> None:
    if level == "floor":
        return
    payer = people.payer_of(child_id=wallet.child_id)
    if payer and payer.email:
        child = people.child(child_id=wallet.child_id)
        letters.low_credit(
            payer=payer,
            child=child,
            wallet=wallet,
            moment=wallets.last_moment_of(wallet_id=wallet.id),
            calm=calm(kind=kind if wallet.service_id else "", child=people.called(child_ids=[child.pk])[child.pk]),
            level=level,
            now=clock.now(),
        )
