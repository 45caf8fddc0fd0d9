"""Elenco pagamenti: the invoices after the month, one of them day by day, pay one or several, print."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.billing.joint_rules import LEAST
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, family_calling_out, numbers
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.visit import under_way
from campanella.readings import papers as notices
from campanella.readings.billing import papers
from campanella.readings.family import invoices as reading
from campanella.readings.family.invoices import Billed
from campanella.usecases import top_up
from campanella.usecases.billing import asking
from campanella.usecases.pagopa import visit as pagopa_visit


@family
def invoices(request: PersonRequest) -> HttpResponse:
    """List the invoices with what is to pay in all."""
    return _list(request)


@family
def invoice(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Show one invoice day by day, and how to pay it."""
    billed = _mine(request, invoice_id)
    page = reading.page_of(user=request.user, billed=billed)
    context = {"section": "payments", "page": page, "billed": billed, "invoice": billed.invoice}
    return render(request, "portal/payments/invoice.html", context)


@family_calling_out
def pay(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Pay one invoice on-line."""
    back_to = reverse("portal:invoice", args=[invoice_id])
    if request.method != "POST":
        return see_other(back_to)
    return _go(request, [invoice_id], back_to=back_to)


@family_calling_out
def pay_chosen(request: PersonRequest) -> HttpResponse:
    """Pay several invoices at once, with one fee."""
    back_to = reverse("portal:invoices")
    if request.method != "POST":
        return see_other(back_to)
    chosen = numbers(request.POST.getlist("fattura"))
    if not chosen:
        with scope(request.town.id):
            return _list(request, problem="Scegli almeno una fattura da pagare: tocca la casella accanto.")
    if len(chosen) > MOST_NOTICES:
        messages.error(request, pagopa_visit.TooManyNotices.message)
        return see_other(back_to)
    return _go(request, chosen, back_to=back_to)


@family
def paper(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Print an invoice."""
    found = _mine(request, invoice_id).invoice
    content = papers.paper(invoice=found, site=request.get_host())
    return as_paper(content, filename=f"fattura-{found.number.replace('/', '-')}.pdf")


@family
def credit_note(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Print the credit note that has annulled an invoice."""
    found = _mine(request, invoice_id).invoice
    name = f"nota-di-credito-{found.credit_note.replace('/', '-')}.pdf"
    return as_paper(papers.credit_note(invoice=found), filename=name)


@family
def notice(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Print the pagoPA notice of an invoice, one for all its children; made now where there is none."""
    billed = _mine(request, invoice_id)
    if not billed.may_be_paid:
        raise NotFound("Questa fattura non è da pagare, quindi non ha un avviso.")
    try:
        asking.position_for(by=request.user, invoice_id=invoice_id, now=clock.now())
    except (NotOpen, PaymentUnderWay) as refusal:
        messages.error(request, refusal.message)
        return see_other(reverse("portal:invoice", args=[invoice_id]))
    position = papers.position_of(invoice_id=invoice_id)
    if position is None:
        raise NotFound
    sheet = notices.sheet(position=position, site=request.get_host(), whom=billed.who, shows_tax_code=False)
    return as_paper(notices.printed(sheet), filename=f"avviso-{position.notice_number}.pdf")


def _mine(request: PersonRequest, invoice_id: int) -> Billed:
    return reading.invoice_for(user=request.user, invoice_id=invoice_id, today=clock.today())


def _list(request: PersonRequest, *, problem: str = "") -> HttpResponse:
    found = reading.invoices_for(user=request.user, today=clock.today())
    to_pay = [one for one in found if one.may_be_paid]
    context = {
        "section": "payments",
        "invoices": found,
        "to_pay": to_pay,
        "goes_together": _goes_together(request, to_pay),
        "first": [one.invoice.id for one in reversed(to_pay)][:MOST_NOTICES],
        "total": Euro(sum(one.invoice.open.cents for one in to_pay)),
        "most": MOST_NOTICES,
        "problem": problem,
    }
    return render(request, "portal/payments/invoices.html", context)


def _goes_together(request: PersonRequest, to_pay: Sequence[Billed]) -> bool:
    """Tell whether two of these are asked of who reads, so that one paper may ask for both."""
    if len(to_pay) < LEAST:
        return False
    holder = people.holder_of(user=request.user)
    return holder is not None and sum(one.invoice.payer_id == holder.pk for one in to_pay) >= LEAST


def _go(request: PersonRequest, invoice_ids: Sequence[int], *, back_to: str) -> HttpResponse:
    now = clock.now()
    try:
        with scope(request.town.id):
            email = top_up.check(user=request.user, child_ids=[], now=now).email
            for invoice_id in invoice_ids:
                if not _mine(request, invoice_id).may_be_paid:
                    raise asking.NothingOpen
        request_ids = [asking.position_for(by=request.user, invoice_id=pk, now=now) for pk in sorted(invoice_ids)]
        address = pagopa_visit.go_to_checkout(by=request.user, request_ids=request_ids, email=email, now=now)
    except PaymentUnderWay:
        with scope(request.town.id):
            open_ones = [found.id for pk in invoice_ids if (found := papers.position_of(invoice_id=pk))]
        return under_way(request, request_ids=open_ones)
    except NotFound:
        raise
    except (NotOpen, Expired, pagopa_visit.TooManyNotices, pagopa_visit.CheckoutFailed) as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)
    return see_other(address)
