"""
One paper notice for several invoices of a payer: one position at pagoPA, for all children, with one fee at the counter.

It asks for what is open of its invoices when it is paid (``readings/asked``), as their own notices do, which stay good: who
has paid one way is not asked a second time the other, and what was paid both ways at once is credit before the office.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.billing import joining, queries
from campanella.domains.billing import joint as made_before
from campanella.domains.billing import operations as billing
from campanella.domains.billing.joint_rules import LEAST, MOST
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.ledger.holding import hold_wallets
from campanella.domains.payments import operations as payments
from campanella.domains.payments.operations import Part as WalletPart
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation, use_case
from campanella.readings.family.invoices import invoices_for
from campanella.usecases.arrears.asking import Wanted, ask
from campanella.usecases.billing.asking import NoWay

NAME = "Avviso unico"
BILLING = Software("Fatture")


class TooFew(Refusal):
    """One invoice has a notice of its own."""

    message = "Scegli almeno due fatture: per una sola c’è già il suo avviso, nella sua pagina."


class TooMany(Refusal):
    """More than a sheet of paper tells."""

    message = f"In un solo avviso entrano al massimo {MOST} fatture. Togline qualcuna e riprova."


class NotToPay(Refusal):
    """One of them is paid, was called back, or a bank pays it."""

    message = "Una di queste fatture non è più da pagare: ricarica la pagina e scegli tra quelle che restano."


class AskedOfAnother(Refusal):
    """One of them is seen by who asks, and is another adult's to pay."""


@use_case
def position_for(*, by: User, invoice_ids: Collection[int], now: datetime) -> int:
    """
    Return the position that asks for what is open of these invoices together, making one when there is none.

    A payer has one such notice: one of another sum or of other invoices is deleted.

    :param invoice_ids: invoices that are asked of whoever acts, and that no bank pays
    :raises TooFew: fewer than two
    :raises TooMany: more than a sheet tells
    :raises NotFound: one is another family's, or there is none of this id
    :raises AskedOfAnother: one is the other parent's to pay
    :raises NotToPay: one is paid, was called back, or its bank pays it
    :raises PaymentUnderWay: somebody may be paying the earlier one right now
    :raises MoneyArrived: the money of the earlier one is here, and not yet booked
    :raises NoWay: the town has no IBAN
    """
    chosen = sorted(set(invoice_ids))
    if len(chosen) < LEAST:
        raise TooFew
    if len(chosen) > MOST:
        raise TooMany
    payer = _payer_of(by, chosen, now)
    joining.hold_payer(payer_id=payer.pk)
    for invoice_id in chosen:
        billing.hold_invoice(invoice_id=invoice_id)
    parts = made_before.of_payers(payer_ids=[payer.pk])
    held = payments.hold_positions(request_ids=sorted({one.request_id for one in parts}))
    hold_wallets(wallet_ids=queries.wallets_of(invoice_ids=chosen))
    mine = _to_pay(by, chosen, now)
    total = sum(one.open.cents for one in mine)
    for request in held:
        if request.state != "open":
            continue
        same = {one.invoice_id for one in parts if one.request_id == request.pk} == set(chosen)
        if same and request.amount_cents == total and not request.is_expired(clock.day_of(now)):
            return request.pk
        payments.cancel_position(by=by, request_id=request.pk, now=now)
    return _make(by, payer, mine, now)


def _payer_of(by: User, chosen: Sequence[int], now: datetime) -> Guardian:
    """Return who acts, of whom all the chosen invoices are asked."""
    payer = people.holder_of(user=by)
    found = queries.invoices(invoice_ids=chosen)
    theirs = [one for one in found if payer is None or one.payer_id != payer.pk]
    seen = {one.invoice.id for one in invoices_for(user=by, today=clock.day_of(now))} if theirs else set()
    if payer is None or len(found) != len(chosen) or not {one.id for one in theirs} <= seen:
        raise NotFound
    if theirs:
        told = " e ".join(one.number for one in theirs)
        what = f"{told} non è intestata" if len(theirs) == 1 else f"{told} non sono intestate"
        raise AskedOfAnother(
            f"Un avviso unico ha un solo intestatario, e {what} a te: togli la spunta lì, oppure paga on-line quelle scelte."
        )
    return payer


def _to_pay(by: User, chosen: Sequence[int], now: datetime) -> list[InvoiceView]:
    """Return the chosen invoices as they stand, all of which the payer is to pay by itself."""
    payable = {one.invoice.id: one.invoice for one in invoices_for(user=by, today=clock.day_of(now)) if one.may_be_paid}
    if not set(chosen) <= payable.keys():
        raise NotToPay
    return [payable[pk] for pk in chosen]


def _make(by: User, payer: Guardian, mine: Sequence[InvoiceView], now: datetime) -> int:
    open_of: dict[int, WalletPart] = {}
    for share in (share for one in mine for share in one.shares if share.open.cents > 0):
        before = open_of[share.wallet_id].amount if share.wallet_id in open_of else Euro(0)
        open_of[share.wallet_id] = WalletPart(share.wallet_id, share.child_id, before + share.open)
    parts = [open_of[wallet_id] for wallet_id in sorted(open_of)]
    what = f"avviso unico di {len(mine)} fatture"
    made = ask(by=by, wanted=[Wanted(payer, what, parts, min(one.due_on for one in mine), name=NAME)], now=now)
    if not made:
        raise NoWay
    joining.note(request_id=made[0], invoices=mine)
    return made[0]


# Part of the act that has changed what is owed.
@operation
def withdraw(*, payer_ids: Sequence[int], now: datetime) -> None:
    """
    Delete the joint notices of payers of which nothing is open, and the own notices of what a joint one has paid.

    Where something is open a notice stays good, and asks for that.
    """
    parts = made_before.of_payers(payer_ids=payer_ids)
    if not parts:
        return
    ids = sorted({one.invoice_id for one in parts})
    is_open = {one.id for one in queries.invoices(invoice_ids=ids) if one.open.cents > 0}
    alive = {one.request_id for one in parts if one.invoice_id in is_open}
    gone = {one.request_id for one in parts} - alive
    own = queries.positions_of(invoice_ids=[pk for pk in ids if pk not in is_open])
    payments.cancel_positions(by=BILLING, request_ids=sorted(gone | {pk for found in own.values() for pk in found}), now=now)
