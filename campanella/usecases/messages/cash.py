"""Letters about money that was paid at a counter."""

from datetime import datetime

from campanella.domains.cash.queries import TopUpView
from campanella.domains.ledger.queries import Moment, WalletView
from campanella.domains.messaging.operations import Told
from campanella.domains.people.models import Child, Guardian
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue


def of_cash(top_up_id: int) -> str:
    """Return the key by which money paid at a counter is thanked for."""
    return f"cash_taken:{top_up_id}"


def cash_taken(
    *, payer: Guardian, child: Child, wallet: WalletView, moment: Moment, top_up: TopUpView, now: datetime
) -> None:
    """Tell the payer what was paid where, how, and the credit right after it."""
    queue(
        template="cash_taken",
        key=of_cash(top_up.id),
        guardian=payer,
        subject="Ricarica ricevuta",
        now=now,
        child=child,
        told=_told(wallet, moment),
        values=_values(wallet, moment, top_up),
    )


def cash_voided(
    *, payer: Guardian, child: Child, wallet: WalletView, moment: Moment, top_up: TopUpView, now: datetime
) -> None:
    """Tell the payer that a top-up was undone where it was made, why, and the credit right after that."""
    queue(
        template="cash_voided",
        key=f"cash_voided:{top_up.id}",
        guardian=payer,
        subject="Ricarica annullata",
        now=now,
        child=child,
        told=_told(wallet, moment),
        values=_values(wallet, moment, top_up),
    )


def _told(wallet: WalletView, moment: Moment) -> Told:
    return Told(wallet_id=wallet.id, entry_id=moment.entry_id, balance_cents=moment.balance.cents)


def _values(wallet: WalletView, moment: Moment, top_up: TopUpView) -> dict[str, object]:
    link = portal_link("portal:movements", wallet.id)
    return {"wallet": wallet, "top_up": top_up, "balance": moment.balance, "link": link}
