"""Asking for the money of invoices: one position at pagoPA for all the wallets of an invoice, of exactly what is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from campanella.domains.billing import joint, queries
from campanella.domains.billing import operations as billing
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.ledger.holding import hold_wallets
from campanella.domains.payments import operations as payments
from campanella.domains.payments import rules
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.payments.operations import Ask, NotOpen, Part
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.scope import operation, use_case
from campanella.foundation.tenants.queries import active_town


class NothingOpen(NotOpen):
    """Nothing of the invoice is to pay."""

    message = "Di questa fattura non c’è più niente da pagare."


def can_ask() -> bool:
    """Tell whether the town has an account at pagoPA; without one nothing is asked for, and nobody reads what is open."""
    return bool(active_town().chosen(PagopaChoices).iban)


@operation
def ask_for(*, by: Actor, invoices: Sequence[InvoiceView], now: datetime) -> dict[int, int]:
    """
    Make a position for what is open of each invoice; who owes nothing gets none. Part of the act that asks.

    :returns: by invoice its position; empty while the town has no IBAN, and the first who wants to pay makes it then
    """
    town = active_town()
    pagopa, choices = town.chosen(PagopaChoices), town.chosen(BillingChoices)
    asked = [one for one in invoices if one.open.cents > 0]
    if not asked or not can_ask():
        return {}
    payers = {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in asked if one.payer_id])}
    taxonomies = {one.pk: one.taxonomy for one in services.services()}
    found: dict[int, int] = {}
    for due_on in sorted({one.due_on for one in asked}):
        mine = [one for one in asked if one.due_on == due_on]
        last = max(due_on, clock.day_of(now)) + timedelta(days=choices.bill_late_days)
        made = payments.make_positions(
            by=by,
            asks=[
                _ask(one, payer=payers.get(one.payer_id or 0), iban=pagopa.iban, taxonomy=taxonomies[one.service_id])
                for one in mine
            ],
            segregation=pagopa.pagopa_segregation,
            due_on=last,
            asked_by=due_on,
            is_notice=False,
            now=now,
        )
        found |= {one.id: request.pk for one, request in zip(mine, made, strict=True)}
    billing.note_positions(positions=list(found.items()))
    return found


@use_case
def position_for(*, by: Actor, invoice_id: int, now: datetime) -> int:
    """
    Return the position that asks for exactly what is open of an invoice, making one when there is none.

    An open one of another amount (part was paid otherwise) is deleted and made anew. Its positions are held, then its
    wallets, then it is read: no payment is booked between what is open and what is asked.

    :raises NothingOpen: it is paid, or was called back
    :raises PaymentUnderWay: somebody may be paying the one of the other amount right now
    :raises MoneyArrived: its money is here, and not yet booked
    """
    billing.hold_invoice(invoice_id=invoice_id)
    made = payments.hold_positions(request_ids=queries.positions_of(invoice_ids=[invoice_id]).get(invoice_id, []))
    hold_wallets(wallet_ids=queries.wallets_of(invoice_ids=[invoice_id]))
    invoice = queries.invoice(invoice_id=invoice_id)
    if invoice.open.cents <= 0:
        raise NothingOpen
    for request in made:
        if request.state != "open":
            continue
        if request.amount_cents == invoice.open.cents and not request.is_expired(clock.day_of(now)):
            return request.pk
        payments.cancel_position(by=by, request_id=request.pk, now=now)
    found = ask_for(by=by, invoices=[invoice], now=now)
    if invoice_id not in found:
        raise NoWay
    return found[invoice_id]


class NoWay(NotOpen):
    """The town has no account that pagoPA could pay into."""

    message = "Per ora qui non si può pagare: il Comune deve ancora indicare il suo conto. Riprova tra qualche giorno."


@operation
def withdraw(*, by: Actor, invoice_ids: Sequence[int], now: datetime) -> None:
    """
    Delete what still asks for these invoices, alone or with others.

    One that may be being paid now stays, and its money becomes credit.
    """
    made = queries.positions_of(invoice_ids=invoice_ids)
    own = [pk for found in made.values() for pk in found]
    together = [one.request_id for one in joint.with_invoices(invoice_ids=invoice_ids)]
    payments.cancel_positions(by=by, request_ids=[*own, *together], now=now)


def _ask(invoice: InvoiceView, *, payer: Guardian | None, iban: str, taxonomy: str) -> Ask:
    parts = tuple(Part(one.wallet_id, one.child_id, one.open) for one in invoice.shares if one.open.cents > 0)
    return Ask(
        wallet_id=parts[0].wallet_id,
        child_id=parts[0].child_id,
        payer=payer,
        amount=invoice.open,
        description=rules.invoice_subject(
            service=invoice.service_name, period=month_name(invoice.period), number=invoice.number
        ),
        service_name=invoice.service_name,
        debtor_tax_code=payer.tax_code if payer and payer.tax_code else "ANONIMO",
        debtor_name=payer.full_name if payer else "ANONIMO",
        iban=iban,
        taxonomy=taxonomy,
        parts=parts,
    )
