"""Avvisi di pagamento: the list to pay, one of them, pay, delete."""

from base64 import b64encode
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.payments import queries as positions
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import scope
from campanella.foundation.documents.codes import qr_svg
from campanella.interfaces.doors import PersonRequest, family, family_calling_out
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.family import Named, named, position_for
from campanella.interfaces.portal.payments.visit import under_way
from campanella.usecases import pagopa_visit, top_up


@family
def notices(request: PersonRequest) -> HttpResponse:
    """List the notices that wait: to pay, under way, expired."""
    now = clock.now()
    children = people.children_of(user=request.user)
    ids = [child.id for child in children]
    found = named(positions.unsettled_of(child_ids=ids, now=now, today=clock.day_of(now)), children)
    mine = [item for item in found if item.position.is_notice]
    expired = [item for item in mine if item.position.status == "expired"]
    waiting = [item for item in mine if item not in expired]
    payable = [item for item in waiting if item.position.may_be_paid]
    context = {
        "section": "payments", "waiting": waiting, "expired": expired, "most": MOST_NOTICES, "many": len(payable) > 1,
    }  # fmt: skip
    return render(request, "portal/payments/notices.html", context)


@family
def position(request: PersonRequest, request_id: int) -> HttpResponse:
    """Show one notice: how to pay it, or how it was paid."""
    item = position_for(user=request.user, request_id=request_id)
    context = {"section": "payments", "item": item, "position": item.position, "qr": _qr(request, item)}
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
    chosen = [int(text) for text in request.POST.getlist("avviso") if text.isascii() and text.isdigit() and len(text) < 19]
    back_to = reverse("portal:notices")
    if request.method != "POST":
        return see_other(back_to)
    if not chosen:
        messages.error(request, "Scegli almeno un avviso da pagare: tocca la casella accanto.")
        return see_other(back_to)
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


def _go(request: PersonRequest, request_ids: Sequence[int], *, back_to: str) -> HttpResponse:
    with scope(request.town.id):
        email = top_up.check(user=request.user, child_ids=[]).email
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
