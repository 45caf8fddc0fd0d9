"""Letters about what is put right by hand and what is given back. Of an account only its end is told."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.ledger.queries import Moment, WalletView
from campanella.domains.messaging.operations import Told
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.money import Euro
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue


def proposal_waits(
    *, addresses: Sequence[str], key: str, label: str, amount: Euro, who: str, by_office: bool, now: datetime
) -> None:
    """Tell the office that something waits for a second person: what, how much and who asked; never for which child."""
    for number, address in enumerate(addresses):
        queue(
            template="proposal_waits",
            key=f"proposal_waits:{key}:{number}",
            guardian=None,
            address=address,
            subject=f"Da decidere: {label.lower()}",
            now=now,
            values={
                "label": label,
                "amount": amount,
                "who": who,
                "by_office": by_office,
                "link": portal_link("office:proposals"),
            },
        )


def refund_left(
    *, payer: Guardian, child: Child, wallet: WalletView, moment: Moment, amount: Euro, account: str, key: int, now: datetime
) -> None:
    """Tell that a refund is approved and on its way, and what is left in the wallet."""
    _of_refund(
        template="refund_left",
        subject="Il tuo rimborso è approvato",
        payer=payer,
        child=child,
        wallet=wallet,
        moment=moment,
        amount=amount,
        account=account,
        key=f"refund_left:{key}",
        now=now,
    )


def refund_back(
    *,
    payer: Guardian,
    child: Child,
    wallet: WalletView,
    moment: Moment,
    amount: Euro,
    account: str,
    words: str,
    key: int,
    now: datetime,
) -> None:
    """Tell that a refund was sent back, that its credit is in the wallet again, and what to do now."""
    _of_refund(
        template="refund_back",
        subject="Un rimborso non è arrivato",
        payer=payer,
        child=child,
        wallet=wallet,
        moment=moment,
        amount=amount,
        account=account,
        key=f"refund_back:{key}",
        now=now,
        words=words,
    )


def refund_paid(
    *, payer: Guardian, child: Child, wallet: WalletView, amount: Euro, account: str, key: int, now: datetime
) -> None:
    """Tell that a refund was paid by the town's bank."""
    _of_refund(
        template="refund_paid",
        subject="Il tuo rimborso è partito",
        payer=payer,
        child=child,
        wallet=wallet,
        moment=None,
        amount=amount,
        account=account,
        key=f"refund_paid:{key}",
        now=now,
    )


def refund_refused(
    *, payer: Guardian, child: Child, wallet: WalletView, amount: Euro, why: str, key: int, now: datetime
) -> None:
    """Tell that the office refuses a refund, and why; the credit stays where it is."""
    queue(
        template="refund_refused",
        key=f"refund_refused:{key}",
        guardian=payer,
        subject="La tua richiesta di rimborso",
        now=now,
        child=child,
        values={"wallet": wallet, "amount": amount, "why": why, "link": portal_link("portal:refunds")},
    )


def _of_refund(
    *,
    template: str,
    subject: str,
    payer: Guardian,
    child: Child,
    wallet: WalletView,
    moment: Moment | None,
    amount: Euro,
    account: str,
    key: str,
    now: datetime,
    words: str = "",
) -> None:
    told = Told(wallet_id=wallet.id, entry_id=moment.entry_id, balance_cents=moment.balance.cents) if moment else None
    queue(
        template=template,
        key=key,
        guardian=payer,
        subject=subject,
        now=now,
        child=child,
        told=told,
        values={
            "wallet": wallet,
            "amount": amount,
            "account": account,
            "balance": moment.balance if moment else None,
            "words": words,
            "link": portal_link("portal:refunds"),
        },
    )
