"""Word to the families: an invoice is issued, paid, or called back."""

from collections.abc import Mapping, Sequence

from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.billing.documents.invoice_pdf import invoice_pdf
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.debiting import queries as debiting
from campanella.domains.debiting import waiting
from campanella.domains.debiting.rules.debts import debt_of
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging import papers
from campanella.domains.messaging.papers import Paper
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import addressees
from campanella.readings import papers as notices
from campanella.readings.billing import papers as invoices
from campanella.readings.debited import by_bank
from campanella.usecases.links import portal_link
from campanella.usecases.messages import invoices as letters
from campanella.usecases.messages.invoices import Asked, Balance


@use_case
def tell_issued(*, invoice_ids: Sequence[int]) -> None:
    """Bring each of these invoices to its payer, one letter each, once; called back meanwhile, it is not brought."""
    issued = [one for one in billing.invoices(invoice_ids=invoice_ids) if one.state != "cancelled"]
    found = addressees.told(invoices=issued)
    payers = _payers(found)
    children = people.called(child_ids=sorted({child for one in found for child in one.child_ids}))
    in_all = _in_all(list(payers))
    now = clock.now()
    banks = by_bank(invoices=found, today=clock.day_of(now))
    balances = _balances(found, children)
    for one in found:
        payer = payers.get(one.payer_id or 0)
        if payer:
            names = " e ".join(children[child_id] for child_id in one.child_ids)
            letters.issued(
                payer=payer,
                invoice=one,
                names=names,
                in_all=in_all.get(payer.pk, one.open),
                balances=balances[one.id],
                debited_on=banks[one.id].day if one.id in banks else None,
                now=now,
            )


@use_case
def tell_recalled(*, invoice_ids: Sequence[int]) -> None:
    """Tell each payer that its invoice was called back, and why."""
    found = addressees.told(invoices=billing.invoices(invoice_ids=invoice_ids))
    payers = _payers(found)
    money = billing.money_of(invoice_ids=[one.id for one in found])
    pasts = debiting.pasts(debts=[debt_of(one.id) for one in found])
    balances = _balances(found, people.called(child_ids=sorted({child for one in found for child in one.child_ids})))
    ended = _ended_with([one.id for one in found])
    for one in found:
        payer, past = payers.get(one.payer_id or 0), pasts.get(debt_of(one.id))
        if payer:
            is_under_way = past is not None and past.outcome == ""
            letters.recalled(
                payer=payer,
                invoice=one,
                balances=balances[one.id],
                money=money.get(one.id, Euro(0)),
                is_under_way=is_under_way,
                joint=portal_link("portal:position", ended[one.id]) if one.id in ended else "",
                now=clock.now(),
            )


def thank_for(*, invoice_id: int, source: Source, amount: Euro, surplus: Euro) -> None:
    """
    Tell the payer of an invoice that its money has arrived; part of ``thanks``.

    :param surplus: what of it the invoice did not ask for any more
    """
    one = billing.invoice(invoice_id=invoice_id)
    payer = _payers(addressees.told(invoices=[one])).get(one.payer_id or 0)
    if payer and ledger.is_posted(source=source):
        in_all = _in_all([payer.pk]).get(payer.pk, Euro(0))
        asked = waiting.asked_for(debt=debt_of(one.id))
        letters.paid(
            payer=payer,
            invoice=one,
            source=source,
            amount=amount,
            surplus=surplus,
            in_all=in_all,
            asked=Asked(Euro(asked.cents), asked.day) if asked else None,
            now=clock.now(),
        )


def thank_for_joint(*, request_id: int, source: Source, amount: Euro, surplus: Euro) -> None:
    """
    Tell a payer that the money of a joint notice has arrived, and what is left of its invoices; part of ``thanks``.

    :param surplus: what of it the invoices did not ask for any more
    """
    ids = [one.invoice_id for one in joint.parts_of(request_id=request_id)]
    found = addressees.told(invoices=billing.invoices(invoice_ids=ids))
    payer = _payers(found).get(found[0].payer_id or 0) if found else None
    if payer and ledger.is_posted(source=source):
        in_all = _in_all([payer.pk]).get(payer.pk, Euro(0))
        letters.paid_together(
            payer=payer,
            invoices=found,
            source=source,
            amount=amount,
            surplus=surplus,
            in_all=in_all,
            link=portal_link("portal:position", request_id),
            now=clock.now(),
        )


def _made(invoice_id: int) -> list[Paper]:
    """Make what goes with the letter of an invoice: itself, and its notice while it is to pay."""
    with scope(active_town_id()):
        one = billing.invoice(invoice_id=invoice_id)
        site = active_town().host
        whole = invoices.sheet(invoice=one, site=site)
        position: Position | None = invoices.asked_of(invoice=one)
        sheet = notices.sheet(position=position, site=site, whom=_whom(one)) if position else None
    name = one.number.replace("/", "-")
    made = [Paper(f"fattura-{name}.pdf", invoice_pdf(whole))]
    return [*made, Paper(f"avviso-{name}.pdf", notices.printed(sheet))] if sheet else made


papers.register("invoice", _made)


def _whom(invoice: InvoiceView) -> str:
    found = people.called(child_ids=invoice.child_ids)
    return " e ".join(found[child_id] for child_id in invoice.child_ids)


def _ended_with(invoice_ids: Sequence[int]) -> dict[int, int]:
    """Return of invoices that were called back the joint notice that ended with each: three queries, one without any."""
    parts = joint.with_invoices(invoice_ids=invoice_ids)
    if not parts:
        return {}
    called_back = billing.credit_notes_at(invoice_ids=invoice_ids)
    requests = {one.pk: one for one in positions.requests(request_ids=sorted({one.request_id for one in parts}))}
    return {
        one.invoice_id: one.request_id
        for one in parts
        if requests[one.request_id].state == "cancelled"
        and requests[one.request_id].settled_at == called_back.get(one.invoice_id)
    }


def _payers(invoices: Sequence[InvoiceView]) -> dict[int, Guardian]:
    return {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in invoices if one.payer_id])}


def _balances(found: Sequence[InvoiceView], children: Mapping[int, str]) -> dict[int, list[Balance]]:
    """Return by invoice how its wallets stand now, each with its child: one query."""
    ids = sorted({share.wallet_id for one in found for share in one.shares})
    held = {one.id: one for one in ledger.wallets_by_id(wallet_ids=ids)}
    return {
        one.id: [
            Balance(children[share.child_id], held[share.wallet_id].service_name, held[share.wallet_id].balance)
            for share in one.shares
        ]
        for one in found
    }


def _in_all(payer_ids: Sequence[int]) -> dict[int, Euro]:
    found: dict[int, Euro] = {}
    for one in billing.open_invoices(payer_ids=payer_ids):
        payer_id = one.payer_id or 0
        found[payer_id] = found.get(payer_id, Euro(0)) + one.open
    return found
