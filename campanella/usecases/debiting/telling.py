"""Letters of direct debit: an authorisation was given or is over, a collection came back and what is to be done now."""

from contextlib import suppress
from datetime import date

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import asked, queries
from campanella.domains.debiting.acts import TAKEN_OVER
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.rules import accounts, collecting, reasons
from campanella.domains.debiting.rules.debts import invoice_of
from campanella.domains.payments.operations import MoneyArrived, NotOpen, PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import addressees
from campanella.usecases.billing import asking
from campanella.usecases.debiting.booking import BANK
from campanella.usecases.debiting.paying import topped_up_from
from campanella.usecases.messages import debits


@use_case
def came_back(*, coming_id: int) -> None:
    """
    Tell a payer that a collection came back, why, and what to do now; where it is not tried again, make a pagoPA notice.

    What was paid otherwise meanwhile, or called back, is to be paid by nobody.

    Where the holder of the account has died nobody is written to: the office calls.
    """
    coming = asked.coming(coming_id=coming_id)
    if coming.follows == "silence":
        return
    now, collection = clock.now(), coming.collection
    invoice = billing.invoice(invoice_id=invoice_of(collection.debt))
    if coming.follows not in ("retry", "office"):
        # Paid meanwhile, or called back, it is asked of nobody; one that somebody is paying right now is open already.
        with suppress(NotOpen, PaymentUnderWay, MoneyArrived):
            asking.position_for(by=BANK, invoice_id=invoice.id, now=now)
    if not addressees.told(invoices=[invoice]):
        return
    terms = active_town().chosen(DebitChoices).terms
    debits.came_back(
        payer=people.guardian(guardian_id=collection.payer_id),
        coming_id=coming.pk,
        amount=Euro(collection.cents),
        remittance=collection.remittance,
        words=reasons.reason(coming.reason).words,
        follows=coming.follows,
        is_open=invoice.open.cents > 0,
        retry_on=collecting.retry_on(back_on=max(coming.day, clock.day_of(coming.at)), terms=terms),
        account=accounts.masked(collection.iban),
        new_account=accounts.masked(collection.mandate.iban) if collection.mandate.iban != collection.iban else "",
        others=_others_asked(payer_id=collection.payer_id),
        topped_up=topped_up_from(payer_id=collection.payer_id, since=clock.day_of(coming.at))
        if coming.follows == "stop"
        else (),
        invoice_id=invoice.id,
        now=now,
    )


def _others_asked(*, payer_id: int) -> list[tuple[Euro, date]]:
    """Return what else a bank was asked for and has not answered, with its days: it may come after a stop too."""
    waiting = [one for one in asked.collections_of(payer_id=payer_id) if not one.known]
    return [(Euro(one.cents), one.day) for one in sorted(waiting, key=lambda one: one.day)]


@use_case
def tell_again(*, collection_id: int) -> None:
    """Tell a payer that a collection which came back by no fault of its own is asked for once more, and when."""
    (one,) = asked.collections(ids=[collection_id])
    past, mandate = queries.pasts(debts=[one.debt])[one.debt], queries.mandate(mandate_id=one.mandate_id)
    if past.collection_id != one.id or past.back_on is None or not mandate.is_in_force:
        return
    debits.again(
        payer=people.guardian(guardian_id=one.payer_id),
        collection_id=one.id,
        amount=Euro(one.cents),
        remittance=one.remittance,
        retry_on=collecting.retry_on(back_on=past.back_on, terms=active_town().chosen(DebitChoices).terms),
        account=str(mandate.account),
        invoice_id=invoice_of(one.debt),
        now=clock.now(),
    )


@use_case
def tell_joined(*, mandate_id: int, child_ids: list[int], service_ids: list[int], day: str) -> None:
    """Tell a payer that services which its children begin to use are paid by its authorisation too."""
    mandate = queries.mandate(mandate_id=mandate_id)
    if not mandate.is_in_force:
        return
    names, offered = people.called(child_ids=child_ids), {one.pk: one.name for one in services.services()}
    debits.services_joined(
        payer=people.guardian(guardian_id=mandate.payer_id),
        key=f"{mandate_id}:{day}:{':'.join(map(str, child_ids))}:{':'.join(map(str, service_ids))}",
        joined=[(names[child], offered[service]) for child, service in zip(child_ids, service_ids, strict=True)],
        day=date.fromisoformat(day),
        account=str(mandate.account),
        notice_days=active_town().chosen(DebitChoices).sdd_notice_days,
        now=clock.now(),
    )


@use_case
def tell_changed(*, mandate_id: int, act_id: int) -> None:
    """Tell a payer that its authorisation was signed, has another account, goes on or is over."""
    act, mandate = queries.act(act_id=act_id), queries.mandate(mandate_id=mandate_id)
    debits.mandate_changed(
        payer=people.guardian(guardian_id=mandate.payer_id),
        act_id=act.pk,
        kind="taken" if act.kind == "signed" and act.evidence.get("how") == TAKEN_OVER else act.kind,
        reference=mandate.reference,
        holder=act.holder_name,
        account=accounts.masked(act.iban),
        notice_days=active_town().chosen(DebitChoices).sdd_notice_days,
        topped_up=topped_up_from(payer_id=mandate.payer_id, since=clock.day_of(act.at))
        if act.kind in ("revoked", "lapsed")
        else (),
        now=clock.now(),
    )
