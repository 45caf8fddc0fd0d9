"""
A family's money, from the wish to the credit.

``prepare`` makes the positions, ``usecases/pagopa_visit.py`` sends the browser to pagoPA, ``book`` puts a receipt into the
ledger. Coming back from pagoPA proves nothing; the receipt does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.queries import WalletView
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.domains.payments import rules
from campanella.domains.payments.events import TopUpBooked
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.payments.operations import Ask
from campanella.domains.payments.receipts import operations as receiving
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

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
    """What pagoPA needs and whether it is there."""

    email: str
    guardian_tax_code: str
    guardian_id: int | None
    children_without_tax_code: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether one may pay."""
        return bool(self.email and self.guardian_tax_code and not self.children_without_tax_code)


def wallet_for(*, user: User, wallet_id: int) -> WalletView:
    """
    Return one wallet of this family.

    :raises NotFound: it is another family's, or there is none
    """
    wallet = wallets.wallet(wallet_id=wallet_id)
    people.child_for(user=user, child_id=wallet.child_id)
    return wallet


def check(*, user: User, child_ids: Sequence[int]) -> Check:
    """Return what pagoPA needs for these children: e-mail, the children's tax codes, the parent's tax code."""
    guardian = people.guardian_of(user=user)
    missing = tuple(child.id for child in people.children_of(user=user) if child.id in child_ids and not child.tax_code)
    return Check(
        email=(guardian.email if guardian else "") or user.email,
        guardian_tax_code=guardian.tax_code if guardian else "",
        guardian_id=guardian.pk if guardian else None,
        children_without_tax_code=missing,
    )


def order_key(*, by: Actor, nonce: str, lines: Sequence[Line]) -> str:
    """Return the key of an order: the same form of the same person with the same amounts gives the same key."""
    wishes = ",".join(f"{line.wallet_id}-{line.amount.cents}" for line in lines)
    return hashlib.sha256(f"{by.actor_id}:{nonce}:{wishes}".encode()).hexdigest()


@use_case
def prepare(*, by: User, lines: Sequence[Line], is_notice: bool, now: datetime, nonce: str = "") -> list[PaymentRequest]:
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
    chosen = [wallet_for(user=by, wallet_id=line.wallet_id) for line in lines]
    found = check(user=by, child_ids=[wallet.child_id for wallet in chosen])
    if not found.is_complete:
        raise DataMissing
    payer = people.guardian_of(user=by)
    asks = [_ask(wallet=wallet, payer=payer, amount=line.amount) for wallet, line in zip(chosen, lines, strict=True)]
    key = order_key(by=by, nonce=nonce, lines=lines) if nonce else ""
    made = _make(by=by, asks=asks, is_notice=is_notice, now=now, key=key)
    if is_notice:
        for request in made:
            payments.make_notice(request_id=request.pk)
    return made


@use_case
def prepare_at_desk(
    *, by: Actor, wallet_id: int, amount: Euro, count: int, now: datetime, nonce: str = ""
) -> list[PaymentRequest]:
    """
    Make notices for a wallet from the office's desk.

    :param count: how many, each of the whole amount
    :raises NoAccount: the town has no IBAN
    :param nonce: the one-time key of a form that asks for one notice; the same form sent twice gives the same notice
    """
    wallet = wallets.wallet(wallet_id=wallet_id)
    ask = _ask(wallet=wallet, payer=people.payer_of(child_id=wallet.child_id), amount=amount)
    key = order_key(by=by, nonce=nonce, lines=[Line(wallet_id, amount)]) if nonce else ""
    return _make(by=by, asks=[ask] * count, is_notice=True, now=now, key=key)


def check_amount(*, amount: Euro) -> None:
    """
    Check an amount against the town's limits.

    :raises AmountOutOfRange: with the limit and an example
    """
    choices = active_town().choices
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
    reason = rules.why_park(
        is_foreign=bool(receipt.issuer_tax_code),
        state=request.state if request else None,
        due_on=request.due_on if request else None,
        paid_on=clock.day_of(receipt.paid_at or receipt.kept_at),
        asked_cents=request.amount_cents if request else None,
        paid_cents=receipt.amount_cents,
        share_cents=receipt.transferred_cents,
    )
    if request is None or reason:
        receiving.note_parked(by=PAGOPA, receipt=receipt, request=request, reason=reason or "unknown", now=now)
        return
    credit(
        wallet_id=request.wallet_id,
        receipt_id=receipt.receipt_id,
        cents=receipt.amount_cents,
        by=PAGOPA,
        now=now,
    )
    receiving.note_booked(by=PAGOPA, receipt=receipt, request=request, now=now)
    publish(TopUpBooked(receipt_pk=receipt.pk, wallet_id=request.wallet_id))


@use_case
def thank(*, receipt_pk: int, wallet_id: int) -> None:
    """Tell the payer that the money has arrived."""
    receipt = receipts.receipt(receipt_pk=receipt_pk)
    wallet = wallets.wallet(wallet_id=wallet_id)
    request = positions.position_by_notice(notice_number=receipt.notice_number)
    payer = (request.payer if request else None) or people.payer_of(child_id=wallet.child_id)
    if payer is None or request is None:
        return
    child = people.child(child_id=wallet.child_id)
    letters.top_up_booked(
        payer=payer, child_name=child.given_name, wallet=wallet, cents=receipt.share.cents,
        receipt_id=receipt.receipt_id, link=portal_link("portal:position", request.pk), now=clock.now(),
    )  # fmt: skip


def credit(*, wallet_id: int, receipt_id: str, cents: int, by: Actor, now: datetime) -> None:
    """Credit a receipt to a wallet; the source is the receipt, so that it is credited once, whoever asks."""
    clearing = ledger.account(kind="clearing", code="pagopa")
    movement = Movement(source=f"receipt:{receipt_id}", wallet_id=wallet_id, other_id=clearing.pk, amount=Euro(cents))
    ledger.post(
        movements=[movement],
        kind="top_up",
        day=clock.day_of(now),
        memo="Ricarica pagoPA",
        by_id=by.actor_id,
        now=now,
    )


def _make(*, by: Actor, asks: Sequence[Ask], is_notice: bool, now: datetime, key: str = "") -> list[PaymentRequest]:
    choices = active_town().choices
    if not choices.iban:
        raise NoAccount
    return payments.make_positions(
        by=by, asks=asks, segregation=choices.pagopa_segregation,
        due_on=clock.day_of(now) + timedelta(days=choices.notice_days), is_notice=is_notice, now=now, order_key=key,
    )  # fmt: skip


def _ask(*, wallet: WalletView, payer: Guardian | None, amount: Euro) -> Ask:
    town = active_town()
    return Ask(
        wallet_id=wallet.id, child_id=wallet.child_id, payer=payer, amount=amount,
        description=f"Ricarica {wallet.service_name}"[:140], service_name=wallet.service_name,
        debtor_tax_code=payer.tax_code if payer and payer.tax_code else "ANONIMO",
        debtor_name=payer.full_name if payer else "ANONIMO",
        iban=town.choices.iban, taxonomy=_taxonomy(wallet),
    )  # fmt: skip


def _taxonomy(wallet: WalletView) -> str:
    """Return the pagoPA taxonomy of the wallet's service; a common wallet takes the child's first service's."""
    if wallet.service_id is not None:
        return Service.objects.get(pk=wallet.service_id).taxonomy
    lines = enrolment.enrolled(child_ids=[wallet.child_id], day=clock.today())
    return Service.objects.get(pk=lines[0].service_id).taxonomy if lines else "9/0107100TS/"
