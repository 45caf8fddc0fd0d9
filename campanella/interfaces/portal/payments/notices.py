"""Avvisi di pagamento: the list to pay, one of them, pay, delete."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.billing import queries as billing
from campanella.domains.payments import queries as positions
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.foundation.documents.codes import qr_svg
from campanella.interfaces.doors import PersonRequest, family, family_calling_out, numbers
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.family import Named, as_notices, named, position_for
from campanella.interfaces.portal.payments.visit import under_way
from campanella.readings.asked import told_now
from campanella.readings.family.invoices import invoices_in
from campanella.readings.family.positions import seen
from campanella.usecases import top_up
from campanella.usecases.pagopa import visit as pagopa_visit

# A notice that was deleted stays in the list for so many days, for who looks for it.
DELETED_ARE_SHOWN = 90


@family
def notices(request: PersonRequest) -> HttpResponse:
    """List the notices that wait, have expired or were deleted of late; or say what the chosen ones make."""
    chosen = set(numbers(request.GET.getlist("avviso")))
    return _list(request, chosen=chosen or None)


@family
def position(request: PersonRequest, request_id: int) -> HttpResponse:
    """Show one notice: how to pay it, or how it was paid."""
    item = position_for(user=request.user, request_id=request_id)
    invoice_id = billing.invoice_of_position(request_id=request_id)
    if invoice_id is not None:
        return see_other(reverse("portal:invoice", args=[invoice_id]))
    if item.position.status in ("open", "under_way"):
        now = told_now(position=item.position, now=clock.now())
        if now is None:
            messages.info(request, NotOpen.message)
            return see_other(reverse("portal:payments"))
        item = Named(now, item.child)
    context = {
        "section": "payments",
        "item": item,
        "position": item.position,
        "qr": _qr(request, item),
        "joint": invoices_in(request_id=request_id, today=clock.today()) if item.position.is_asked else [],
    }
    return render(request, "portal/payments/position.html", context)


@family_calling_out
def pay(request: PersonRequest, request_id: int) -> HttpResponse:
    """Pay one notice on-line; asked for without a form (after signing in again), show it first."""
    if request.method != "POST":
        return see_other(reverse("portal:position", args=[request_id]))
    return _go(request, [request_id], back_to=reverse("portal:position", args=[request_id]))


@family_calling_out
def pay_chosen(request: PersonRequest) -> HttpResponse:
    """Pay several notices at once, with one fee."""
    chosen = numbers(request.POST.getlist("avviso"))
    back_to = reverse("portal:notices")
    if request.method != "POST":
        return see_other(back_to)
    if not chosen:
        with scope(request.town.id):
            return _list(request, chosen=set(), problem="Scegli almeno un avviso da pagare: tocca la casella accanto.")
    return _go(request, chosen, back_to=back_to)


@family
def make(request: PersonRequest, request_id: int) -> HttpResponse:
    """Turn a payment that was begun on-line into a notice."""
    if request.method == "POST":
        pagopa_visit.ask_for_notice(by=request.user, request_id=request_id)
    return see_other(reverse("portal:position", args=[request_id]))


@family
def delete(request: PersonRequest, request_id: int) -> HttpResponse:
    """Ask whether to delete a notice, then delete it."""
    item = position_for(user=request.user, request_id=request_id)
    if billing.invoice_of_position(request_id=request_id) is not None:
        raise NotFound("L’avviso di una fattura non si elimina: se è sbagliata, scrivi all’ufficio.")
    if request.method != "POST":
        if item.position.status not in ("open", "expired"):
            return see_other(reverse("portal:position", args=[request_id]))
        return render(request, "portal/payments/delete.html", {"item": item, "position": item.position})
    try:
        pagopa_visit.delete(by=request.user, request_id=request_id, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(reverse("portal:position", args=[request_id]))
    messages.success(request, f"Avviso eliminato: {item.title}, {item.position.amount}.")
    return see_other(reverse("portal:notices"))


def _list(request: PersonRequest, *, chosen: set[int] | None, problem: str = "") -> HttpResponse:
    """
    Show the list with these notices chosen.

    :param chosen: None chooses the first ones that can be paid, as many as go together
    """
    now = clock.now()
    children = people.children_of(user=request.user)
    ids = [child.id for child in children]
    since = now - timedelta(days=DELETED_ARE_SHOWN)
    listed = positions.listed_of(child_ids=ids, since=since, now=now, today=clock.day_of(now))
    asked = {one.id for one in listed if one.is_asked}
    others = asked - seen(user=request.user, child_ids=ids, request_ids=asked)
    mine = as_notices(named([one for one in listed if one.id not in others], children), now=now)
    expired = [item for item in mine if item.position.status == "expired"]
    deleted = [item for item in mine if item.position.status == "cancelled"]
    waiting = [item for item in mine if item.position.status in ("open", "under_way")]
    payable = [item.position for item in waiting if item.position.may_be_paid]
    if chosen is None:
        chosen = set() if request.headers.get("HX-Request") else {position.id for position in payable[:MOST_NOTICES]}
    together = [position for position in payable if position.id in chosen]
    total = {"total": Euro(sum(position.amount.cents for position in together)), "count": len(together)}
    if request.headers.get("HX-Request"):
        return render(request, "portal/payments/parts/total.html", total)
    context = total | {
        "section": "payments",
        "waiting": waiting,
        "expired": expired,
        "deleted": deleted,
        "chosen": chosen,
        "problem": problem,
        "most": MOST_NOTICES,
        "many": len(payable) > 1,
    }
    return render(request, "portal/payments/notices.html", context)


def _go(request: PersonRequest, request_ids: Sequence[int], *, back_to: str) -> HttpResponse:
    with scope(request.town.id):
        email = top_up.check(user=request.user, child_ids=[], now=clock.now()).email
    try:
        address = pagopa_visit.go_to_checkout(by=request.user, request_ids=request_ids, email=email, now=clock.now())
    except PaymentUnderWay:
        return under_way(request, request_ids=request_ids)
    except (NotOpen, Expired, pagopa_visit.TooManyNotices, pagopa_visit.CheckoutFailed) as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)
    return see_other(address)


def _qr(request: PersonRequest, item: Named) -> str:
    """Return the QR code of a notice that can be paid, as the source of a picture."""
    if not item.position.may_be_paid:
        return ""
    position = item.position
    text = notice_number.qr_text(position.notice_number, request.town.tax_code, position.amount.cents)
    return f"data:image/svg+xml;base64,{b64encode(qr_svg(text)).decode()}"
