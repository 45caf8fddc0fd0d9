"""
A family's money, from the wish to the credit.

``prepare`` makes the positions, ``usecases/pagopa/visit.py`` sends the browser to pagoPA, ``book`` puts a receipt into the
ledger. Coming back from pagoPA proves nothing; the receipt does.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.models import User
from campanella.domains.billing import joining
from campanella.domains.billing import operations as invoices
from campanella.domains.debiting import handing, waiting
from campanella.domains.debiting.rules.debts import debt_of
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.queries import WalletView
from campanella.domains.ledger.rules import Source
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.domains.payments import rules
from campanella.domains.payments.choices import PagopaChoices, TopUpChoices
from campanella.domains.payments.events import NoticesMade, TopUpBooked
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.operations import Ask
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import operations as receiving
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.people.queries import FamilyChild
from campanella.domains.services import queries as services
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.asked import Asks
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.pagopa.asking import hold_and_ask, note_surplus

PAGOPA = Software("pagoPA")


class AmountOutOfRange(Refusal):
    """The amount is under the town's minimum or over its maximum."""


class TooManyPositions(Refusal):
    """pagoPA takes five positions in one payment."""

    message = "In un solo pagamento entrano al massimo cinque ricariche. Fanne cinque adesso e le altre subito dopo."


class DataMissing(Refusal):
    """E-mail or a tax code is missing; the check page says which."""

    message = "Manca un dato per pagare: completalo e riprendi da qui."


class NoAccount(Refusal):
    """The town has no account that pagoPA could pay into."""

    message = "Per ora qui non si può pagare: il Comune deve ancora indicare il suo conto. Riprova tra qualche giorno."


@dataclass(frozen=True)
class Line:
    """One wish: how much into which wallet."""

    wallet_id: int
    amount: Euro


@dataclass(frozen=True)
class Check:
    """
    What pagoPA needs and whether it is there.

    :ivar waiting_email: an address that waits for its link: one may pay, and no message goes there
    """

    email: str
    waiting_email: str
    guardian_tax_code: str
    guardian_id: int | None
    children_without_tax_code: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether one may pay."""
        return bool((self.email or self.waiting_email) and self.guardian_tax_code and not self.children_without_tax_code)


@dataclass(frozen=True)
class Prepared:
    """The positions of a top-up, and where pagoPA may write; empty while the address is not confirmed."""

    requests: list[PaymentRequest]
    email: str


def check(*, user: User, child_ids: Sequence[int], now: datetime) -> Check:
    """Return what pagoPA needs for these children: e-mail, the children's tax codes, the parent's tax code."""
    children = [child for child in people.children_of(user=user) if child.id in child_ids]
    return _check(user=user, holder=people.holder_of(user=user), children=children, now=now)


def _check(*, user: User, holder: Guardian | None, children: Iterable[FamilyChild], now: datetime) -> Check:
    email = people.address_of(user=user, holder=holder)
    waiting = None if email else users.waiting_change(user=user, now=now)
    return Check(
        email=email,
        waiting_email=waiting.email if waiting else "",
        guardian_tax_code=holder.tax_code if holder else "",
        guardian_id=holder.pk if holder else None,
        children_without_tax_code=tuple(child.id for child in children if not child.tax_code),
    )


def order_key(*, by: Actor, nonce: str, lines: Sequence[Line]) -> str:
    """Return the key of an order: the same form of the same person with the same amounts gives the same key."""
    wishes = ",".join(f"{line.wallet_id}-{line.amount.cents}" for line in lines)
    return hashlib.sha256(f"{by.actor_id}:{nonce}:{wishes}".encode()).hexdigest()


@use_case
def prepare(*, by: User, lines: Sequence[Line], is_notice: bool, now: datetime, nonce: str = "") -> Prepared:
    """
    Make the positions of a top-up, one for each wallet.

    :param is_notice: the family wants notices to pay elsewhere
    :param nonce: the one-time key of the form; the same form sent twice gives the same positions
    :raises AmountOutOfRange: an amount is outside the town's limits
    :raises TooManyPositions: more than five
    :raises DataMissing: e-mail or a tax code is missing
    :raises NoAccount: the town has no IBAN
    :raises NotFound: a wallet is another family's
    """
    if len(lines) > checkout.MOST_NOTICES:
        raise TooManyPositions
    for line in lines:
        check_amount(amount=line.amount)
    chosen = [wallets.wallet(wallet_id=line.wallet_id) for line in lines]
    family, payer = {child.id: child for child in people.children_of(user=by)}, people.holder_of(user=by)
    if any(wallet.child_id not in family for wallet in chosen):
        raise NotFound
    children = [family[wallet.child_id] for wallet in chosen]
    found = _check(user=by, holder=payer, children=dict.fromkeys(children), now=now)
    if not found.is_complete:
        raise DataMissing
    asks = [
        _ask(wallet=wallet, code=child.code, payer=payer, amount=line.amount, now=now)
        for wallet, child, line in zip(chosen, children, lines, strict=True)
    ]
    key = order_key(by=by, nonce=nonce, lines=lines) if nonce else ""
    made = _make(by=by, asks=asks, is_notice=is_notice, now=now, key=key)
    if is_notice:
        for request in made:
            payments.make_notice(request_id=request.pk)
    return Prepared(made, found.email)


@use_case
def prepare_at_desk(
    *,
    by: Actor,
    wallet_id: int,
    amount: Euro,
    count: int,
    now: datetime,
    nonce: str = "",
) -> list[PaymentRequest]:
    """
    Make notices for a wallet from the office's desk.

    :param count: how many, each of the whole amount
    :param nonce: the one-time key of a form that asks for one notice; the same form sent twice gives the same notice
    :raises NoAccount: the town has no IBAN
    """
    wallet = wallets.wallet(wallet_id=wallet_id)
    payer, code = people.payer_of(child_id=wallet.child_id), people.child(child_id=wallet.child_id).code
    ask = _ask(wallet=wallet, code=code, payer=payer, amount=amount, now=now)
    key = order_key(by=by, nonce=nonce, lines=[Line(wallet_id, amount)]) if nonce else ""
    made = _make(by=by, asks=[ask] * count, is_notice=True, now=now, key=key)
    publish(NoticesMade(request_ids=[request.pk for request in made]))
    return made


@use_case
def prepare_for_many(
    *, by: Actor, wanted: Sequence[tuple[WalletView, Euro]], key: str, now: datetime
) -> list[PaymentRequest]:
    """
    Make a notice for each of these wallets, and tell each payer of all of its own in one letter.

    The letter waits as what the office writes to many does, and leaves out what was deleted meanwhile. The counter of
    notice numbers is held for the writing alone.

    :param key: under the same key a second time gives what the first has made
    :raises NoAccount: the town has no IBAN
    """
    ties = people.guardians_by_child(child_ids=[wallet.child_id for wallet, _ in wanted])
    payers = {child_id: found[0].guardian for child_id, found in ties.items()}
    children = people.children(child_ids=[wallet.child_id for wallet, _ in wanted])
    asks = [
        _ask(wallet=wallet, code=children[wallet.child_id].code, payer=payers.get(wallet.child_id), amount=amount, now=now)
        for wallet, amount in wanted
    ]
    made = _make(by=by, asks=asks, is_notice=True, now=now, key=key)
    waits, ids = int(LEAVES_AFTER.total_seconds()), [request.pk for request in made]
    jobs.enqueue("tell_notices_later", town=active_town_id(), wait_seconds=waits, request_ids=ids)
    return made


def check_amount(*, amount: Euro) -> None:
    """
    Check an amount against the town's limits.

    :raises AmountOutOfRange: with the limit and an example
    """
    choices = active_town().chosen(TopUpChoices)
    if amount.cents < choices.top_up_min:
        raise AmountOutOfRange(f"Il minimo è {Euro(choices.top_up_min)}. Scrivi per esempio 20,00.")
    if amount.cents > choices.top_up_max:
        raise AmountOutOfRange(f"Il massimo è {Euro(choices.top_up_max)} per volta. Scrivi un importo più piccolo.")


@use_case
def book(*, receipt_pk: int) -> None:
    """
    Put a receipt into the ledger, once, or before the office when it does not fit its position.

    Runs as the reaction to ``ReceiptKept``; a second run finds it done.
    """
    now = clock.now()
    receipt, request = receiving.hold_receipt(receipt_pk=receipt_pk)
    if receipt.outcome:
        return
    asks = hold_and_ask(request=request, now=now) if request else None
    reason = rules.why_park(
        is_foreign=bool(receipt.issuer_tax_code),
        state=request.state if request else None,
        due_on=request.due_on if request else None,
        paid_on=clock.day_of(receipt.paid_at or receipt.kept_at),
        asked_cents=request.amount_cents if request else None,
        paid_cents=receipt.amount_cents,
        share_cents=receipt.transferred_cents,
        is_debt=bool(asks and asks.behind.is_debt),
    )
    if request is None or asks is None or reason:
        receiving.note_parked(by=PAGOPA, receipt=receipt, request=request, reason=reason or "unknown", now=now)
        return
    parts = positions.parts_of(request=request)
    if asks.behind.is_debt:
        parts = rules.of_debt(parts=parts, owed=asks.parts, amount=Euro(receipt.amount_cents))
    credit(parts=parts, receipt_id=receipt.receipt_id, by=PAGOPA, now=now)
    name_invoices(asks=asks, brought=parts, receipt_id=receipt.receipt_id, now=now)
    receiving.note_booked(by=PAGOPA, receipt=receipt, request=request, now=now)
    surplus = note_surplus(asks=asks, brought=parts, receipt=receipt, now=now)
    publish(TopUpBooked(receipt_pk=receipt.pk, wallet_id=request.wallet_id, surplus=surplus))


def credit(*, parts: Sequence[tuple[int, Euro]], receipt_id: str, by: Actor, now: datetime) -> None:
    """
    Credit a receipt to wallets; the source is the receipt, so that it is credited once, whoever asks.

    :param parts: the wallets and what each gets
    """
    clearing = ledger.account(kind="clearing", code="pagopa")
    source = Source.of_receipt(receipt_id)
    ledger.post(
        movements=[
            Movement(source=source, wallet_id=wallet_id, other_id=clearing.pk, amount=amount, revision=place)
            for place, (wallet_id, amount) in enumerate(parts)
        ],
        kind="top_up",
        day=clock.day_of(now),
        memo="Ricarica pagoPA",
        by_id=by.actor_id,
        now=now,
    )


def name_invoices(*, asks: Asks, brought: Sequence[tuple[int, Euro]], receipt_id: str, now: datetime) -> None:
    """
    Note which invoices a receipt is for, when its position asks for any: its money goes there first.

    Where a bank is asked for one too, or has paid it, what is too much becomes credit: the office is to look at it.

    :param asks: as it was before the receipt was credited
    :param brought: what each wallet gets of it
    """
    source, asked = Source.of_receipt(receipt_id), asks.behind.invoice_ids
    if asks.behind.invoice_id is not None:
        invoices.note_payment(invoice_id=asks.behind.invoice_id, source=source, now=now)
    elif asked:
        joining.note_paid(source=source, paid=asks.split(brought))
    if collections := [found.pk for pk in asked if (found := waiting.asked_for(debt=debt_of(pk)))]:
        handing.note_double(collection_ids=collections, source=source, now=now)


def _make(*, by: Actor, asks: Sequence[Ask], is_notice: bool, now: datetime, key: str) -> list[PaymentRequest]:
    town = active_town()
    pagopa = town.chosen(PagopaChoices)
    if not pagopa.iban:
        raise NoAccount
    return payments.make_positions(
        by=by,
        asks=asks,
        segregation=pagopa.pagopa_segregation,
        due_on=clock.day_of(now) + timedelta(days=town.chosen(TopUpChoices).notice_days),
        is_notice=is_notice,
        now=now,
        order_key=key,
    )


def _ask(*, wallet: WalletView, code: str, payer: Guardian | None, amount: Euro, now: datetime) -> Ask:
    town = active_town()
    return Ask(
        wallet_id=wallet.id,
        child_id=wallet.child_id,
        payer=payer,
        amount=amount,
        description=rules.subject(service=wallet.service_name, period=month_name(now), code=code),
        service_name=wallet.service_name,
        debtor_tax_code=payer.tax_code if payer and payer.tax_code else "ANONIMO",
        debtor_name=payer.full_name if payer else "ANONIMO",
        iban=town.chosen(PagopaChoices).iban,
        taxonomy=_taxonomy(wallet),
    )


def _taxonomy(wallet: WalletView) -> str:
    """Return the pagoPA taxonomy of the wallet's service; a common wallet takes the child's first service's."""
    if wallet.service_id is not None:
        return services.taxonomy_of(service_id=wallet.service_id)
    lines = enrolment.enrolled(child_ids=[wallet.child_id], day=clock.today())
    return services.taxonomy_of(service_id=lines[0].service_id) if lines else "9/0107100TS/"
