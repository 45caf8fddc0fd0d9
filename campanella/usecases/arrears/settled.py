"""
What follows from money that came in, a correction, a recall or a reminder: positions that ask a second time are deleted.

A family that pays an invoice by its own notice is not asked again by the reminder's, and the other way round. One that
somebody may be paying right now stays, and its money becomes credit, as every payment.
"""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.arrears import agreed, reminders
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.billing import queries as billing
from campanella.domains.ledger import queries as wallets
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import operation, use_case
from campanella.readings.arrears import members
from campanella.readings.arrears.owed import open_of_reminder
from campanella.readings.arrears.plans import standings
from campanella.usecases.billing import joint

LADDER = Software("Solleciti")


@use_case
def after_payment(*, receipt_pk: int, wallet_id: int, surplus: int = 0) -> None:
    """Look at what is asked of the households of a wallet; the reaction to ``TopUpBooked``. A second run finds it done."""
    look_again(wallet_id=wallet_id, now=clock.now())


@use_case
def after_correction(*, wallet_id: int, entry_id: int) -> None:
    """Look at what is asked of the households of a wallet that was put right; the reaction to ``CreditCorrected``."""
    look_again(wallet_id=wallet_id, now=clock.now())


@use_case
def after_collections(*, wallet_ids: Sequence[int]) -> None:
    """Look at what is asked of the households of wallets that a bank has paid; the reaction to ``CollectionsBrought``."""
    now = clock.now()
    found = wallets.wallets_by_id(wallet_ids=wallet_ids)
    payers = members.payers_of(child_ids=sorted({one.child_id for one in found}))
    reminded = {one.payer_id for one in reminders.reminders_of(payer_ids=payers)}
    agreed_with = {one.payer_id for one in agreed.plans(payer_ids=payers)}
    for payer_id in sorted(reminded | agreed_with):
        withdraw(payer_id=payer_id, now=now, keeps_rest=True)
    joint.withdraw(payer_ids=payers, now=now)


@use_case
def after_recall(*, invoice_ids: Sequence[int]) -> None:
    """Delete what reminders and instalments ask of invoices that were called back; the reaction to ``InvoicesRecalled``."""
    now = clock.now()
    for payer_id in sorted({one.payer_id for one in billing.invoices(invoice_ids=invoice_ids) if one.payer_id}):
        withdraw(payer_id=payer_id, now=now, keeps_rest=True)


def look_again(*, wallet_id: int, now: datetime) -> None:
    """
    Delete what the households of a wallet are asked for and have paid; part of what follows from money that came in.

    Whoever paid for the child before may still owe, and be asked, for what was written then.
    """
    payers = members.payers_of(child_ids=[wallets.wallet(wallet_id=wallet_id).child_id])
    for payer_id in payers:
        withdraw(payer_id=payer_id, now=now, keeps_rest=True)
    joint.withdraw(payer_ids=payers, now=now)


@use_case
def after_issue(*, reminder_ids: Sequence[int]) -> None:
    """Delete what earlier reminders of the same households ask for; the reaction to ``RemindersIssued``."""
    fresh = reminders.reminders(reminder_ids=reminder_ids)
    earlier = reminders.reminders_of(payer_ids=sorted({one.payer_id for one in fresh}))
    own = {one.id for one in fresh}
    last = {one.payer_id: one.id for one in fresh}
    gone = [pk for one in earlier if one.id not in own and one.id < last[one.payer_id] for pk in one.request_ids]
    payments.cancel_positions(by=LADDER, request_ids=gone, now=clock.now())


# Part of the act that has changed what is owed.
@operation
def withdraw(*, payer_id: int, now: datetime, keeps_rest: bool = False) -> None:
    """
    Delete positions of reminders, instalments and invoices that do not ask for exactly what is open any more.

    :param keeps_rest: where something is open, a notice that was printed stays good: it asks for that (``readings/asked``)
    """
    found = reminders.reminders_of(payer_ids=[payer_id])
    plans = standings(payer_ids=[payer_id], today=clock.day_of(now))
    if not found and not plans:
        return
    wanted: dict[int, int] = {}
    for one in found:
        open_cents = sum(debt.cents for debt in open_of_reminder(reminder=one, now=now)) if one.request_ids else 0
        wanted |= dict.fromkeys(one.request_ids, open_cents)
    for stands in plans:
        for due_id, met in zip(stands.plan.due_ids, stands.met, strict=True):
            wanted |= dict.fromkeys(stands.plan.request_ids[due_id], met.open)
    wanted |= _of_invoices(found)
    asked = positions.requests(request_ids=sorted(wanted))
    kept = [one.pk for one in asked if wanted[one.pk] and (keeps_rest or one.amount_cents == wanted[one.pk])]
    gone = [one.pk for one in asked if one.state == "open" and one.pk not in kept]
    payments.cancel_positions(by=LADDER, request_ids=gone, now=now)


def _of_invoices(found: Sequence[ReminderView]) -> dict[int, int]:
    """Return the positions of the invoices that these reminders ask for, with what is open of each."""
    ids = sorted({debt.invoice_id for one in found for debt in one.debts if debt.invoice_id})
    if not ids:
        return {}
    left = {one.id: one.open.cents for one in billing.invoices(invoice_ids=ids)}
    made = billing.positions_of(invoice_ids=ids)
    return {pk: left[invoice_id] for invoice_id, request_ids in made.items() for pk in request_ids}
