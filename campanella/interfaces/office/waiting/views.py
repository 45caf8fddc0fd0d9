"""What waits for the office, each with the act that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import queries as adjusting
from campanella.domains.applying import queries as applying
from campanella.domains.enrolment import declared
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.messaging import operations as messaging_operations
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments import queries as payments
from campanella.domains.payments import rules
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import delegates, registered, searching
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child
from campanella.domains.services.queries import Service
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, number, numbers, staff
from campanella.interfaces.office import seeking
from campanella.interfaces.office.families.forms import reason_field
from campanella.readings import told as known
from campanella.readings.office import confirming as office_confirming
from campanella.readings.office import day as office_day
from campanella.readings.office import debits as office_debits
from campanella.readings.office import overpaid as office_overpaid
from campanella.readings.office import owing, unenrolled
from campanella.readings.office.day import ClassDay
from campanella.readings.office.disagreements import disagreements
from campanella.usecases import confirming, reminders
from campanella.usecases.pagopa import parked

SECTION = {"section": "waiting"}
MOST_SHOWN = 25
MOST_CHILDREN = 8
MOST_CLASSES = 10
ALREADY = "Era già confermato."


@staff(Role.OFFICE)
def waiting(request: PersonRequest) -> HttpResponse:
    """Show everything that waits."""
    now = clock.now()
    floor = Euro(request.town.chosen(CreditChoices).floor)
    debts = owing.lowest(below=floor, day=clock.day_of(now), limit=MOST_SHOWN)
    names = people.full_names(child_ids=[wallet.child_id for wallet in debts])
    classes = office_day.missing(classes=office_day.classes_on(day=clock.day_of(now)), now=now)
    parked_count, unbooked_count = receipts.waiting_counts()
    enrolled = enrolment.waiting(today=clock.day_of(now))
    page: dict[str, Any] = {
        "parked_count": parked_count,
        "unbooked_count": unbooked_count,
        "failed_count": messaging.failed_count(),
        "parked": [(receipt, rules.REASONS.get(receipt.reason, "")) for receipt in receipts.parked(limit=MOST_SHOWN)],
        "unbooked": receipts.unbooked(limit=MOST_SHOWN),
        "failed": messaging.failed(limit=MOST_SHOWN),
        "missing": _by_service(classes),
        "disagreements": disagreements(day=clock.day_of(now), limit=MOST_SHOWN),
        "debtors": [(names[wallet.child_id], wallet) for wallet in debts],
        "debt_count": owing.counts(limits=[floor], day=clock.day_of(now))[0][0],
        "floor": floor,
        "proposed_diets": enrolled.proposed_diets,
        "ending_diets": enrolled.ending_diets,
        "without_price": enrolled.without_price,
        "delegates": delegates.waiting_count(),
        "registrations": registered.waiting_count(),
        "isee": declared.waiting_count(),
        "applications": applying.waiting_count(),
        "unenrolled": unenrolled.count(day=clock.day_of(now)),
        "proposals": adjusting.waiting_count(),
        "debits": office_debits.waits(today=clock.day_of(now)),
        "unbrought": known.unbrought(today=clock.day_of(now)),
        "overpaid": office_overpaid.waiting(),
    }
    waits = ("parked", "unbooked", "failed", "missing", "debtors", "proposed_diets", "ending_diets", "disagreements")
    also = ("without_price", "delegates", "registrations", "isee", "applications", "unenrolled", "proposals", "unbrought")
    is_calm = not any(page[name] for name in (*waits, *also, "overpaid")) and not page["debits"].count
    page |= {"now": now, "is_calm": is_calm}
    return render(request, "office/waiting/waiting.html", {**SECTION, **page})


@dataclass(frozen=True)
class Missing:
    """The classes of one service that did not confirm; the first of them are shown by name."""

    service: Service
    lines: list[ClassDay]

    @property
    def shown(self) -> list[ClassDay]:
        """Those shown by name."""
        return self.lines[:MOST_CLASSES]

    @property
    def children(self) -> int:
        """Children enrolled in all of them."""
        return sum(line.expected for line in self.lines)


def _by_service(classes: list[ClassDay]) -> list[Missing]:
    services = sorted({line.service for line in classes}, key=lambda service: (service.position, service.pk))
    return [Missing(service, [line for line in classes if line.service == service]) for service in services]


@require_POST
@staff(Role.OFFICE)
def confirm_classes(request: PersonRequest) -> HttpResponse:
    """Say what confirming for the classes that did not would charge, one of them or all of a service; then confirm."""
    now, wanted = clock.now(), request.POST.getlist("class")
    chosen = None if wanted == ["all"] else numbers(wanted)
    service = number(request.POST.get("service", "")) or 0
    told = number(request.POST.get("told", ""))
    try:
        if told is not None:
            there = confirming.confirm_for(
                by=request.user, class_group_ids=chosen, service_id=service, told=Euro(told), now=now
            )
            messages.success(request, _confirmed(there, Euro(told)) if there else ALREADY)
            return HttpResponseRedirect(reverse("office:waiting"))
    except confirming.TooEarly as early:
        messages.error(request, early.message)
        return HttpResponseRedirect(reverse("office:waiting"))
    except confirming.ChargeChanged as changed:
        messages.warning(request, changed.message)
    charge = office_confirming.charge(class_group_ids=chosen, service_id=service, now=now)
    if charge is None:
        try:
            confirming.check_time(class_group_ids=chosen, service_id=service, now=now)
        except confirming.TooEarly as early:
            messages.error(request, early.message)
        else:
            messages.success(request, ALREADY)
        return HttpResponseRedirect(reverse("office:waiting"))
    return render(request, "office/waiting/confirm.html", {**SECTION, "charge": charge, "wanted": wanted})


@require_POST
@staff(Role.OFFICE)
def remind(request: PersonRequest) -> HttpResponse:
    """Remind the schools of the classes of a service that did not confirm."""
    now, service = clock.now(), number(request.POST.get("service", "")) or 0
    classes = office_confirming.not_confirmed(class_group_ids=None, service_id=service, now=now)
    told = reminders.remind(by=request.user, classes=classes, now=now)
    if told:
        messages.success(request, f"Sollecito mandato a {'una persona' if told == 1 else f'{told} persone'} delle scuole.")
    else:
        messages.warning(request, "Nessuno da sollecitare: o hanno confermato, o in quelle scuole nessuno ha una e-mail.")
    return HttpResponseRedirect(reverse("office:waiting"))


def _confirmed(there: int, amount: Euro) -> str:
    return f"Confermato: {'1 presente, addebitati' if there == 1 else f'{there} presenti, addebitati in tutto'} {amount}."


@require_POST
@staff(Role.OFFICE)
def send_again(request: PersonRequest, message_id: int) -> HttpResponse:
    """Try a failed message again, or put it aside."""
    if request.POST.get("aside") == "1":
        messaging_operations.set_aside(by=request.user, message_id=message_id, now=clock.now())
        messages.success(request, "Messa via: la famiglia la trova comunque tra le comunicazioni del portale.")
    else:
        address = messaging_operations.send_again(by=request.user, message_id=message_id, now=clock.now())
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
    text = seeking.sought(request) or ""
    noticed = payments.requests(request_ids=[receipt.request_id]) if receipt.request_id else []
    children = searching.children(text=text, limit=MOST_CHILDREN) if text else _of_notice(noticed)
    names = people.full_names(child_ids=[child.pk for child in children])
    wallets = ledger.wallets_of(child_ids=list(names))
    # Money of a notice goes, most often, where the notice would have put it.
    form = AssignForm(request.POST or None, initial={"wallet": noticed[0].wallet_id if noticed else None})
    offer(
        form,
        "wallet",
        [(wallet.id, f"{names[wallet.child_id]}, {wallet.service_name}: {wallet.balance}") for wallet in wallets],
    )
    if form.is_valid():
        try:
            parked.resolve(
                by=request.user,
                receipt_pk=receipt_id,
                wallet_id=form.cleaned_data["wallet"],
                why=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Accreditati {receipt.share}.")
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


def _of_notice(positions: Sequence[PaymentRequest]) -> list[Child]:
    """Return, while nobody is sought, the child of the notice that was paid."""
    return list(people.children(child_ids=[position.child_id for position in positions]).values())
