"""What waits for the office, each with the act that ends it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.models import Role
from campanella.domains.ledger import queries as ledger
from campanella.domains.messaging import operations as messaging_operations
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments import queries as payments
from campanella.domains.payments import rules
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office import seeking
from campanella.interfaces.office.families.forms import reason_field
from campanella.usecases import office_day, parked

SECTION = {"section": "waiting"}
MOST_SHOWN = 50
MOST_CHILDREN = 8


@staff(Role.OFFICE)
def waiting(request: PersonRequest) -> HttpResponse:
    """Show everything that waits."""
    now = clock.now()
    debts = ledger.lowest(below=Euro(request.town.choices.floor))
    children = people.children(child_ids=[wallet.child_id for wallet in debts[:MOST_SHOWN]])
    classes = office_day.missing(classes=office_day.classes_on(day=clock.day_of(now)), now=now)
    parked_count, unbooked_count = receipts.waiting_counts()
    page = {
        "parked_count": parked_count,
        "unbooked_count": unbooked_count,
        "failed_count": messaging.failed_count(),
        "parked": [(receipt, rules.REASONS.get(receipt.reason, "")) for receipt in receipts.parked(limit=MOST_SHOWN)],
        "unbooked": receipts.unbooked(limit=MOST_SHOWN),
        "failed": messaging.failed(limit=MOST_SHOWN),
        "classes": classes,
        "services": {line.service for line in classes},
        "debtors": [(children[wallet.child_id], wallet) for wallet in debts[:MOST_SHOWN]],
        "debt_count": len(debts),
        "floor": Euro(request.town.choices.floor),
        "closes_at": request.town.choices.roll_call_closes_at,
    }
    return render(request, "office/waiting/waiting.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def confirm_classes(request: PersonRequest) -> HttpResponse:
    """Confirm for the classes that did not."""
    chosen = [int(text) for text in request.POST.getlist("class") if text.isdecimal()]
    service = request.POST.get("service", "")
    try:
        there = office_day.confirm_for(
            by=request.user, class_group_ids=chosen, service_id=int(service) if service.isdecimal() else 0, now=clock.now()
        )
    except office_day.TooEarly as early:
        messages.error(request, early.message)
    else:
        messages.success(request, f"Confermato: {there} presenti." if there else "Era già confermato.")
    return HttpResponseRedirect(reverse("office:waiting"))


@require_POST
@staff(Role.OFFICE)
def send_again(request: PersonRequest, message_id: int) -> HttpResponse:
    """Try a failed message again, or put it aside."""
    if request.POST.get("aside") == "1":
        messaging_operations.set_aside(by=request.user, message_id=message_id, now=clock.now())
        messages.success(request, "Messa via: la famiglia la trova comunque tra le comunicazioni del portale.")
    else:
        address = messaging_operations.send_again(message_id=message_id)
        words = f"Riproviamo adesso, a {address}. Se non parte, la ritrovi qui." if address else "Era già fatto."
        messages.success(request, words)
    return HttpResponseRedirect(reverse("office:waiting") + "#messaggi")


class CloseForm(forms.Form):
    """Why a receipt is for no wallet."""

    why = reason_field()
    why.label = "Perché la chiudi"


class AssignForm(forms.Form):
    """Where a receipt belongs, and how the office knows."""

    wallet = forms.TypedChoiceField(
        label="Borsellino", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Scegli il borsellino."}
    )
    reason = reason_field()


@staff(Role.OFFICE)
def assign(request: PersonRequest, receipt_id: int) -> HttpResponse:
    """Credit a parked receipt to a wallet: search the child, choose, say why."""
    receipt = receipts.receipt(receipt_pk=receipt_id)
    if (asked := seeking.asked(request)) is not None:
        seeking.keep(request, asked)
        return HttpResponseRedirect(request.path)
    text = request.POST.get("sought") or seeking.kept(request)
    children = _candidates(text, receipt.request_id)
    names = {child.pk: child.full_name for child in children}
    wallets = ledger.wallets_of(child_ids=list(names))
    form = AssignForm(request.POST or None)
    form.fields["wallet"].choices = [  # type: ignore[attr-defined]  # a choice field
        (wallet.id, f"{names[wallet.child_id]}, {wallet.service_name}: {wallet.balance}") for wallet in wallets
    ]
    if form.is_valid():
        try:
            parked.resolve(
                by=request.user, receipt_pk=receipt_id, wallet_id=form.cleaned_data["wallet"],
                why=form.cleaned_data["reason"], now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Accreditati {receipt.amount}.")
            return HttpResponseRedirect(reverse("office:waiting"))
    return _assign_page(request, receipt, text=text, form=form, wallets=wallets)


@require_POST
@staff(Role.OFFICE)
def close_receipt(request: PersonRequest, receipt_id: int) -> HttpResponse:
    """Close a parked receipt that is for no wallet, saying why."""
    receipt = receipts.receipt(receipt_pk=receipt_id)
    closing = CloseForm(request.POST)
    if closing.is_valid():
        try:
            parked.close(by=request.user, receipt_pk=receipt_id, why=closing.cleaned_data["why"], now=clock.now())
        except Refusal as refusal:
            closing.add_error(None, refusal.message)
        else:
            messages.success(request, f"Chiusa la ricevuta di {receipt.amount}: non è stato accreditato nulla.")
            return HttpResponseRedirect(reverse("office:waiting"))
    return _assign_page(request, receipt, text="", form=closing, closing=closing, wallets=[])


def _assign_page(request: PersonRequest, receipt: ReceiptView, **values: Any) -> HttpResponse:
    page = {
        "receipt": receipt,
        "reason": rules.REASONS.get(receipt.reason, ""),
        "may_credit": receipt.share.cents > 0,
        "closing": CloseForm(),
    }
    return render(request, "office/waiting/assign.html", {**SECTION, **page, **values})


def _candidates(text: str, request_id: int | None) -> list[Child]:
    """Return the children sought; without words, the child of the notice that was paid."""
    if text:
        return people.search_children(text=text, limit=MOST_CHILDREN)
    positions = payments.requests(request_ids=[request_id]) if request_id else []
    return list(people.children(child_ids=[position.child_id for position in positions]).values())
