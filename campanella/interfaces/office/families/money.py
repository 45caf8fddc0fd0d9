"""The office puts money right: adjustments, passages between wallets, notices on behalf."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.domains.adjusting.words import READY
from campanella.domains.ledger import queries as ledger
from campanella.domains.payments import operations as payment_operations
from campanella.domains.payments import queries as payments
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.answers import ALREADY_DONE, Words, action, answered, to_child
from campanella.interfaces.office.families.forms import AdjustForm, KeyedForm, MoveForm, NoticeForm
from campanella.readings import papers
from campanella.usecases import adjust as credit
from campanella.usecases import top_up
from campanella.usecases.adjusting.asking import Asked
from campanella.usecases.adjusting.checks import NotEnoughCredit, ReasonMissing

# Above this a slip of the finger is expensive: the page asks once more.
ASK_TWICE_ABOVE_CENTS = 10_000


@staff(Role.OFFICE)
def adjust(request: PersonRequest, child_id: int) -> HttpResponse:
    """Adjust one wallet by hand."""
    child = people.child(child_id=child_id)
    wallets = ledger.wallets_of(child_ids=[child_id])
    words = Words(
        title="Rettifica",
        lead="Cambia il credito a mano. Per un pasto segnato male usa Correggi una presenza: il conto torna da solo. "
        f"Da {Euro(request.town.chosen(AdjustChoices).adjust_second_person)} in su, anche in più volte, decidete in due.",
        button="Registra la rettifica",
    )
    form = AdjustForm(request.POST or None, wallets=wallets, ready=READY["adjustment"])
    if not form.is_valid():
        return action(request, form, words, child=child)
    amount = Euro(form.signed_cents)
    if _must_ask_twice(form):
        again = _asking_again(request, AdjustForm, wallets=wallets, ready=READY["adjustment"])
        return action(request, again, words, child=child, confirm=amount.italian(signed=True))
    try:
        posted: Asked = credit.adjust(
            by=request.user,
            wallet_id=form.cleaned_data["wallet"],
            amount=amount,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            now=clock.now(),
        )
    except ReasonMissing as missing:
        form.add_error("reason", missing.message)
        return action(request, form, words, child=child)
    return answered(request, posted, f"Rettifica registrata: {amount.italian(signed=True)}.")


@staff(Role.OFFICE)
def move(request: PersonRequest, child_id: int) -> HttpResponse:
    """Move credit to another wallet of the family."""
    child = people.child(child_id=child_id)
    wallets = credit.wallets_of_family(child_id=child_id)
    names = people.called(child_ids=[wallet.child_id for wallet in wallets])
    choices = [(w.id, f"{names[w.child_id]}, {w.service_name}: {w.balance}") for w in wallets]
    words = Words(
        title="Giroconto",
        lead="Sposta credito tra due borsellini della stessa famiglia: il totale non cambia.",
        button="Sposta il credito",
    )
    form = MoveForm(request.POST or None, choices=choices)
    if not form.is_valid():
        return action(request, form, words, child=child)
    amount = Euro(form.cleaned_data["amount"])
    if _must_ask_twice(form):
        again = _asking_again(request, MoveForm, choices=choices)
        return action(request, again, words, child=child, confirm=str(amount))
    try:
        moved = credit.move(
            by=request.user,
            from_wallet_id=form.cleaned_data["giver"],
            to_wallet_id=form.cleaned_data["taker"],
            amount=amount,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            now=clock.now(),
        )
    except NotEnoughCredit as refusal:
        form.add_error("amount", refusal.message)
        return action(request, form, words, child=child)
    messages.success(request, f"Spostati {amount}." if moved else ALREADY_DONE)
    return to_child(child_id)


@staff(Role.OFFICE)
def new_notice(request: PersonRequest, child_id: int) -> HttpResponse:
    """Make a notice on behalf of the family."""
    child = people.child(child_id=child_id)
    form = NoticeForm(request.POST or None, wallets=ledger.wallets_of(child_ids=[child_id]))
    words = Words(
        title="Nuovo avviso",
        lead="Un avviso di pagamento pagoPA da consegnare o mandare alla famiglia: lo trova anche nel suo portale.",
        button="Genera l’avviso",
    )
    if not form.is_valid():
        return action(request, form, words, child=child)
    amount = Euro(form.cleaned_data["amount"])
    try:
        top_up.check_amount(amount=amount)
        made = top_up.prepare_at_desk(
            by=request.user,
            wallet_id=form.cleaned_data["wallet"],
            amount=amount,
            count=1,
            now=clock.now(),
            nonce=form.cleaned_data["key"],
        )
    except Refusal as refusal:
        form.add_error("amount", refusal.message)
        return action(request, form, words, child=child)
    address = reverse("office:notice", args=[made[0].pk])
    messages.success(request, format_html('Avviso di {} pronto. <a href="{}">Apri il PDF</a>', str(amount), address))
    return to_child(child_id)


@staff(Role.OFFICE)
def delete_notice(request: PersonRequest, request_id: int) -> HttpResponse:
    """Delete a notice that nobody should pay."""
    now = clock.now()
    position = payments.position(request_id=request_id, now=now, today=clock.day_of(now))
    child = people.child(child_id=position.child_id)
    if request.method == "POST":
        try:
            payment_operations.cancel_position(by=request.user, request_id=request_id, now=now)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Avviso eliminato: se lo pagano lo stesso, i soldi arrivano in Da fare.")
        return to_child(child.pk)
    lead = f"{position.description}, {position.amount}, numero {position.notice_number}: la famiglia non lo vede più."
    return action(request, Form(), Words("Elimina l’avviso", "Elimina", lead), child=child)


@staff(Role.OFFICE)
def notice(request: PersonRequest, request_id: int) -> HttpResponse:
    """Print a notice that is still to pay."""
    now = clock.now()
    position = payments.position(request_id=request_id, now=now, today=clock.day_of(now))
    paper = papers.notice(position=position, site=request.get_host())
    return as_paper(paper, filename=f"avviso-{position.notice_number}.pdf")


def _must_ask_twice(form: KeyedForm) -> bool:
    cents: int = form.cleaned_data["amount"]
    return cents > ASK_TWICE_ABOVE_CENTS and form.cleaned_data["confirmed"] != "1"


def _asking_again(request: PersonRequest, kind: type[KeyedForm], **options: Any) -> KeyedForm:
    data = request.POST.copy()
    data["confirmed"] = "1"
    return kind(data, **options)
