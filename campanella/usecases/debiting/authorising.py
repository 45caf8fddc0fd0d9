"""Mandates given, changed and taken back: by a family from the portal, or on paper at the desk."""

from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.debiting import ending, mandates, queries, words
from campanella.domains.debiting.acts import Signature
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.mandates import Holder
from campanella.domains.debiting.queries import MandateView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import Town, active_town
from campanella.usecases.debiting.creditor import creditor_id_of, own_accounts
from campanella.usecases.debiting.paying import hold_payers, paid_by, pay_so


class NotOffered(Refusal):
    """The town does not collect from accounts."""

    message = "Il Comune per ora non offre l’addebito sul conto."


class OwnAccount(Refusal):
    """The town cannot collect from itself."""

    message = "Questo è il conto su cui incassa il Comune: scrivi l’IBAN del conto di chi paga."


class SignedBeforeToday(Refusal):
    """A paper cannot be signed on a day to come."""

    message = "La data della firma non può essere nel futuro."


def payer_of(*, user: User) -> Guardian:
    """
    Return the adult who may authorise a debit with this access: the one who pays for a child.

    :raises NotFound: an access for one child, or an adult who pays for nobody
    """
    guardian = people.guardian_of(user=user)
    if guardian is None or not paid_by(payer_ids=[guardian.pk]):
        raise NotFound
    return guardian


def mandate_of(*, payer: Guardian) -> MandateView | None:
    """Return the payer's mandate in force, else the last one."""
    return queries.mandates_of(payer_ids=[payer.pk], creditor_id=creditor_id_of(active_town())).get(payer.pk)


@use_case
def sign(*, by: User, holder: Holder, now: datetime) -> int:
    """
    Sign on-line: what was on the page is what is signed, and its digest is kept. Sent twice, it is one mandate.

    :returns: the mandate
    :raises OwnAccount: the account is the town's
    :raises NotFound: who is signed in pays for nobody
    :raises NotOffered: the town does not collect from accounts
    :raises SignedAlready: there is one in force
    :raises AddressMissing: the account is outside the EEA, and town or country is missing
    """
    payer, town = payer_of(user=by), active_town()
    _check_offered(town)
    check_not_own(town, holder)
    hold_payers(payer_ids=[payer.pk])
    before = mandate_of(payer=payer)
    if before and _is_as_signed(before, holder):
        return before.id
    signature = Signature(on=clock.day_of(now), how="portal", text=_digest(town, holder))
    mandate = mandates.sign(by=by, payer=payer, holder=holder, signature=signature, now=now)
    pay_so(by=by, payer=payer, kind="debit", now=now)
    return mandate.pk


@use_case
def hand_in(
    *,
    by: Actor,
    payer_id: int,
    holder: Holder,
    signed_on: date,
    kept_at: str,
    reference: str,
    now: datetime,
    used_on: date | None = None,
) -> int:
    """
    Enter a mandate that was signed on paper.

    :param kept_at: where the paper is kept
    :param reference: of a mandate that the former software has debited already, else empty
    :param used_on: the day of its last collection with it, None where nobody knows
    :returns: the mandate
    :raises NotFound: the town has no such adult
    :raises SignedBeforeToday: the day is to come
    :raises OwnAccount: the account is the town's
    :raises SignedAlready: there is one in force
    :raises ReferenceTaken: another mandate has this reference, or it is none
    :raises LapsedAlready: it was not used for 36 months
    :raises NotReadableName: the holder is written in another alphabet
    :raises AddressMissing: the account is outside the EEA, and town or country is missing
    """
    if signed_on > clock.day_of(now):
        raise SignedBeforeToday
    payer = people.guardian(guardian_id=payer_id)
    check_not_own(active_town(), holder)
    hold_payers(payer_ids=[payer.pk])
    signature = Signature(on=signed_on, how="paper", kept_at=kept_at)
    mandate = mandates.sign(
        by=by, payer=payer, holder=holder, signature=signature, reference=reference, used_on=used_on, now=now
    )
    pay_so(by=by, payer=payer, kind="debit", now=now)
    return mandate.pk


@use_case
def change_account(*, by: User, holder: Holder, now: datetime) -> bool:
    """
    Give the mandate another account, on-line.

    :returns: False where it is that account already: nothing is told to the bank
    :raises OwnAccount: the account is the town's
    :raises NotFound: who is signed in has none
    :raises NotInForce: it was revoked, or has lapsed
    :raises AddressMissing: the account is outside the EEA, and town or country is missing
    """
    check_not_own(active_town(), holder)
    hold_payers(payer_ids=[payer_of(user=by).pk])
    mandate = _own(by)
    if _is_as_signed(mandate, holder):
        return False
    was_over = not mandate.is_in_force
    signature = Signature(on=clock.day_of(now), how="portal", text=_digest(active_town(), holder))
    mandates.change_account(by=by, mandate_id=mandate.id, holder=holder, signature=signature, now=now)
    if was_over:
        pay_so(by=by, payer=people.guardian(guardian_id=mandate.payer_id), kind="debit", now=now)
    return True


@use_case
def resume(*, by: User, now: datetime) -> None:
    """
    Take up again what was suspended.

    :raises NotFound: who is signed in has none
    :raises NotInForce: it is not suspended
    """
    ending.resume(by=by, mandate_id=_own(by).id, now=now)


@use_case
def revoke(*, by: User, now: datetime) -> None:
    """
    Take it back, from today on; what the bank was asked for already is still collected.

    :raises NotFound: who is signed in has none
    :raises NotInForce: it is over already
    """
    _revoke(by=by, mandate=_own(by), now=now)


@use_case
def revoke_at_desk(*, by: Actor, mandate_id: int, now: datetime) -> None:
    """
    Take it back for a family that asks the office.

    :raises NotFound: the town has no such mandate
    :raises NotInForce: it is over already
    """
    _revoke(by=by, mandate=queries.mandate(mandate_id=mandate_id), now=now)


def _revoke(*, by: Actor, mandate: MandateView, now: datetime) -> None:
    hold_payers(payer_ids=[mandate.payer_id])
    ending.revoke(by=by, mandate_id=mandate.id, now=now)
    pay_so(by=by, payer=people.guardian(guardian_id=mandate.payer_id), kind="town", now=now)


def _own(user: User) -> MandateView:
    mandate = mandate_of(payer=payer_of(user=user))
    if mandate is None:
        raise NotFound
    return mandate


def _digest(town: Town, holder: Holder) -> str:
    return words.digest(
        words.TITLE,
        words.authorisation(town.name),
        words.REFUND,
        creditor_id_of(town),
        holder.name,
        holder.account.iban,
    )


def _check_offered(town: Town) -> None:
    if not town.chosen(DebitChoices).sdd_offered:
        raise NotOffered


def check_not_own(town: Town, holder: Holder) -> None:
    """
    Make sure that the account of a holder is none on which the town itself collects.

    :raises OwnAccount: it is
    """
    if holder.account.iban in own_accounts(town):
        raise OwnAccount


def _is_as_signed(mandate: MandateView, holder: Holder) -> bool:
    """Tell whether a mandate is in force with just this account and holder: the same form was sent before."""
    mine = (mandate.account.iban, mandate.holder_name, mandate.holder_tax_code, mandate.town, mandate.country)
    given = (holder.account.iban, holder.name[:70], holder.tax_code, holder.town[:35], holder.country)
    return mandate.state == "active" and mine == given
