"""Mandates signed, and given another account."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from campanella.domains.debiting.acts import LIVING, NotInForce, Signature, act, hold
from campanella.domains.debiting.gateways.sepa.text import is_identifier, is_writable
from campanella.domains.debiting.models import Mandate
from campanella.domains.debiting.rules import days
from campanella.domains.debiting.rules.accounts import Account
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, operation


class SignedAlready(Refusal):
    """The payer has a mandate that is in force."""

    message = "C’è già un’autorizzazione all’addebito: per usare un altro conto, cambia il conto di quella."


class ReferenceTaken(Refusal):
    """Another mandate has the reference, or no bank would take it."""

    message = "Questo riferimento è già di un’altra autorizzazione, oppure ha caratteri che la banca non accetta."


@dataclass(frozen=True, slots=True)
class Holder:
    """
    Whose account is debited.

    :ivar town, country: of the holder, where the account is outside the European Economic Area
    """

    name: str
    account: Account
    tax_code: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """
    What a mandate was before it was taken over from another bank, software or creditor.

    :ivar reference: the one that the debtor's bank knows, empty where it is kept
    :ivar creditor_id: of whoever collected with it, empty where it was the town
    :ivar is_used: somebody has collected with it: the bank knows it, and no collection is its first
    """

    reference: str = ""
    creditor_id: str = ""
    is_used: bool = True


class AddressMissing(Refusal):
    """The account is outside the EEA, and the bank wants town and country of its holder."""

    message = "Questo conto è fuori dallo Spazio economico europeo: la banca chiede città e Paese di chi ne è titolare."


class NotReadableName(Refusal):
    """A bank would read nothing of the holder's name, or of the town."""

    message = "La banca legge solo le nostre lettere: scrivi nome e città del titolare come sull’estratto conto."


class LapsedAlready(Refusal):
    """The mandate was not used for 36 months: no bank takes it."""

    message = (
        "Questa autorizzazione è firmata da più di 36 mesi. Se il vecchio programma la usava, scrivi il giorno dell’ultimo "
        "addebito; altrimenti è scaduta: serve un modulo nuovo."
    )


@operation
def sign(
    *,
    by: Actor,
    payer: Guardian,
    holder: Holder,
    signature: Signature,
    now: datetime,
    reference: str = "",
    used_on: date | None = None,
    former: Former | None = None,
) -> Mandate:
    """
    Keep a signed mandate.

    :param reference: of a mandate that the former software has debited already; a new one gets one of its own
    :param used_on: the day of the former software's last collection with it
    :param former: of one taken over from a file; otherwise one that has a reference was used
    :raises SignedAlready: the payer has one in force
    :raises ReferenceTaken: another mandate has this reference, or it is none
    :raises AddressMissing: town or country is missing, and demanded
    :raises NotReadableName: the holder is written in another alphabet
    :raises LapsedAlready: it was not used for 36 months
    """
    _check_holder(holder)
    if _has_lapsed(signature.on, used_on, clock.day_of(now)):
        raise LapsedAlready
    if reference and not is_identifier(reference):
        raise ReferenceTaken
    before = former or Former(is_used=bool(reference))
    number = Mandate.objects.filter(payer=payer).count() + 1
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                payer=payer,
                reference=reference or f"MND-{active_town_id()}-{payer.pk}-{number}",
                is_carried=before.is_used,
                former_reference=before.reference,
                former_creditor_id=before.creditor_id,
                used_on=used_on,
                signed_on=signature.on,
                confirmed_at=now,
                **_terms(holder),
                holder_tax_code=holder.tax_code,
            )
    except IntegrityError:
        if Mandate.objects.filter(payer=payer, state__in=LIVING).exists():
            raise SignedAlready from None
        raise ReferenceTaken from None
    act(by=by, mandate=mandate, action="mandate.signed", now=now, signature=signature)
    return mandate


@operation
def change_account(*, by: Actor, mandate_id: int, holder: Holder, signature: Signature, now: datetime) -> Mandate:
    """
    Give a mandate another account; one that was suspended is in force again. The bank is told with the next collection.

    :raises NotInForce: it is revoked, over or lapsed
    :raises AddressMissing: town or country is missing, and demanded
    :raises NotReadableName: the holder is written in another alphabet
    """
    _check_holder(holder)
    mandate = hold(mandate_id=mandate_id)
    if mandate.state not in LIVING and not _may_be_mended(mandate):
        raise NotInForce
    for name, value in _terms(holder).items():
        setattr(mandate, name, value)
    mandate.holder_tax_code, mandate.state, mandate.confirmed_at = holder.tax_code, "active", now
    mandate.save()
    act(by=by, mandate=mandate, action="mandate.amended", now=now, signature=signature)
    return mandate


def fault_of(*, holder: Holder, signed_on: date, used_on: date | None, today: date) -> str:
    """Say why a mandate could not be kept, whoever else has one; empty where it could."""
    try:
        _check_holder(holder)
    except Refusal as refused:
        return refused.message.removesuffix(".")
    if _has_lapsed(signed_on, used_on, today):
        return "non è usata da più di 36 mesi, e la banca non la accetta più: serve un modulo nuovo"
    return ""


def _has_lapsed(signed_on: date, used_on: date | None, today: date) -> bool:
    return days.lapses_on(max(signed_on, used_on or signed_on)) <= today


def is_readable(name: str) -> bool:
    """Tell whether a bank reads every word of a name."""
    return is_writable(name)


def _may_be_mended(mandate: Mandate) -> bool:
    """Tell whether a mandate that was ended for its account may take another one: nobody else is in force meanwhile."""
    return mandate.state == "ended" and not Mandate.objects.filter(payer_id=mandate.payer_id, state__in=LIVING).exists()


def _terms(holder: Holder) -> dict[str, str]:
    return {
        "holder_name": holder.name[:70],
        "iban": holder.account.iban,
        "bic": holder.account.bic,
        "town": holder.town[:35],
        "country": holder.country,
    }


def _check_holder(holder: Holder) -> None:
    if not (is_readable(holder.name) and (is_readable(holder.town) or not holder.town)):
        raise NotReadableName
    if holder.account.asks_for_address and not (holder.town and holder.country):
        raise AddressMissing
