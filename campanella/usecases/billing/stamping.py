"""Stamp duty that families bear, in the book: charged with its invoice, given back when the invoice is called back."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.billing import stamping
from campanella.domains.billing.operations import Run
from campanella.domains.billing.stamping import Stamp
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

MEMO = "Imposta di bollo sulla fattura"


# Part of the acts that draw invoices up and call them back: it joins their transaction.
@operation
def charge(*, by: Actor, run: Run, now: datetime) -> None:
    """Charge the stamp duty that stands on the invoices of a run that is held, each once; their wallets are held."""
    _settle(stamping.stamps_of(run_id=run.pk), is_due=True, by=by, now=now)


@operation
def hold(*, run_id: int) -> list[int]:
    """Hold the wallets that have paid stamp duty in a run, before the run itself: one query, two where there are any."""
    wallets = sorted({one.wallet_id for one in stamping.stamps_of(run_id=run_id)})
    if wallets:
        ledger.hold_wallets(wallet_ids=wallets)
    return wallets


@operation
def give_back(*, by: Actor, run: Run, now: datetime) -> None:
    """
    Give the stamp duty of a run that is called back to the wallets that have paid it; said again it changes nothing.

    :raises NotHeld: ``hold`` was not called before
    """
    _settle(stamping.stamps_of(run_id=run.pk), is_due=False, by=by, now=now)


def _settle(stamps: Sequence[Stamp], *, is_due: bool, by: Actor, now: datetime) -> None:
    if not stamps:
        return
    account = ledger.account(kind="revenue", code="stamp").pk
    ledger.settle(
        dues=[
            Due(
                source=Source.of_stamp(one.invoice_id),
                wallet_id=one.wallet_id,
                revenue_id=account,
                due=Euro(one.cents if is_due else 0),
                day=one.day,
            )
            for one in stamps
        ],
        kind="stamp",
        day=clock.day_of(now),
        memo=MEMO,
        by_id=by.actor_id,
        now=now,
    )
