"""Mandates signed, and given another account."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from campanella.domains.debiting.acts import LIVING, NotInForce, Signature, act, hold
from campanella.domains.debiting.gateways.sepa.text import is_identifier
from campanella.domains.debiting.models import Mandate
from campanella.domains.debiting.rules.accounts import Account
from campanella.domains.people.models import Guardian
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


class AddressMissing(Refusal):
    """The account is outside the EEA, and the bank wants town and country of its holder."""

    message = "Questo conto è fuori dallo Spazio economico europeo: la banca chiede città e Paese di chi ne è titolare."


@operation
def sign(*, by: Actor, payer: Guardian, holder: Holder, signature: Signature, now: datetime, reference: str = "") -> Mandate:
    """
    Keep a signed mandate.

    :param reference: of a mandate that the former software has debited already; a new one gets one of its own
    :raises SignedAlready: the payer has one in force
    :raises ReferenceTaken: another mandate has this reference, or it is none
    :raises AddressMissing: town or country is missing, and demanded
    """
    _check_address(holder)
    if reference and not is_identifier(reference):
        raise ReferenceTaken
    number = Mandate.objects.filter(payer=payer).count() + 1
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                payer=payer,
                reference=reference or f"MND-{active_town_id()}-{payer.pk}-{number}",
                is_carried=bool(reference),
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
    """
    _check_address(holder)
    mandate = hold(mandate_id=mandate_id)
    if mandate.state not in LIVING and not _may_be_mended(mandate):
        raise NotInForce
    for name, value in _terms(holder).items():
        setattr(mandate, name, value)
    mandate.holder_tax_code, mandate.state, mandate.confirmed_at = holder.tax_code, "active", now
    mandate.save()
    act(by=by, mandate=mandate, action="mandate.amended", now=now, signature=signature)
    return mandate


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


def _check_address(holder: Holder) -> None:
    if holder.account.asks_for_address and not (holder.town and holder.country):
        raise AddressMissing
