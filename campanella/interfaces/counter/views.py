"""Three steps at the counter: the code, the amount, the receipt; and the minutes in which a mistake is undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.cash import queries, rules, till
from campanella.domains.cash.choices import CashChoices
from campanella.domains.cash.queries import CashPoint, CashSession, TopUpView
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.counter import dictated
from campanella.interfaces.counter.forms import OWN, READY, AmountForm, CodeForm, OpenForm, VoidForm
from campanella.interfaces.counter.papers import receipt_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings import counter
from campanella.usecases.cash import guessing, taking

door = staff(Role.CASHIER)
LAST = 10


@never_cache
@door
def home(request: PersonRequest) -> HttpResponse:
    """Ask for the code; before it for the till to be opened, or that of an earlier day to be counted."""
    try:
        point = taking.stand_of(user=request.user)
    except taking.NoPoint as refusal:
        page = {"refusal": refusal.message, "is_there": request.town.chosen(CashChoices).cash_points}
        return render(request, "counter/nowhere.html", page)
    session = queries.open_session(point_id=point.pk)
    if session is None or session.day != clock.today():
        return render(request, "counter/not_open.html", {**frame(point, session), "form": OpenForm()})
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            guessing.look(by=request.user, typed=form.cleaned_data["code"], now=clock.now())
        except (taking.WrongCode, guessing.TooManyTopUpCodes) as refusal:
            form.add_error("code", refusal.message)
        else:
            # The key stands in the address: who goes back to the page and presses again sends the same form.
            return HttpResponseRedirect(reverse("counter:amount", args=[dictated.keep(request, form.cleaned_data["code"])]))
    lines = counter.last_lines(session_id=session.pk, limit=LAST)
    return render(request, "counter/code.html", {**frame(point, session), "form": form, "lines": lines})


@never_cache
@door
def amount(request: PersonRequest, key: str) -> HttpResponse:
    """Say whose code it is, and take the money; the same page sent twice has taken it once."""
    code = dictated.of(request, key)
    if code is None:
        messages.error(request, "Questa pagina non vale più: non è stato registrato niente. Scrivi di nuovo il codice.")
        return to_home()
    try:
        point = taking.stand_of(user=request.user)
        wallet_id = taking.wallet_of(typed=code)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return to_home()
    form = AmountForm(request.POST or None, chosen=request.town.chosen(CashChoices), point=point, key=key)
    used: TopUpView | None = None
    if form.is_valid():
        data = form.cleaned_data
        means = next(means for means in rules.MEANS if means == data["means"])
        try:
            top_up = taking.take(
                by=request.user,
                typed=code,
                amount=Euro(data["cents"]),
                means=means,
                key=key,
                now=clock.now(),
            )
        except taking.FormUsed as refusal:
            form.add_error(None, refusal.message)
            used = refusal.before if refusal.before.point_id == point.pk else None
        except (taking.AmountRefused, till.NotOpen, till.OfAnotherDay, till.NotTakenHere) as refusal:
            form.add_error(None, refusal.message)
        else:
            return HttpResponseRedirect(reverse("counter:receipt", args=[top_up.id]))
    session = queries.open_session(point_id=point.pk)
    page: dict[str, Any] = {
        **frame(point, session),
        "form": form,
        "face": counter.face(wallet_id=wallet_id),
        "used": used,
        "other": OWN,
    }
    return render(request, "counter/amount.html", page)


@never_cache
@require_safe
@door
def receipt(request: PersonRequest, top_up_id: int) -> HttpResponse:
    """Show the receipt of a top-up of this point, and for some minutes the way to undo it."""
    top_up = _mine(request, top_up_id)
    point = queries.point(point_id=top_up.point_id)
    session = queries.session(session_id=top_up.session_id)
    minutes = request.town.chosen(CashChoices).cash_void_minutes
    may_void = top_up.voided_at is None and rules.may_void(
        taken_at=top_up.taken_at, now=clock.now(), minutes=minutes, is_closed=session.closed_at is not None
    )
    page = {
        **frame(point, queries.open_session(point_id=point.pk)),
        "top_up": top_up,
        "face": counter.face(wallet_id=top_up.wallet_id),
        "may_void": may_void,
        "minutes": minutes,
    }
    return render(request, "counter/receipt.html", page)


@never_cache
@require_safe
@door
def paper(request: PersonRequest, top_up_id: int) -> HttpResponse:
    """Print the receipt, the same again whenever it is asked for."""
    top_up = _mine(request, top_up_id)
    face = counter.face(wallet_id=top_up.wallet_id)
    made = receipt_paper(top_up=top_up, face=face, town_name=request.town.name)
    return as_paper(made, filename=f"ricevuta-{top_up.receipt}.pdf")


@never_cache
@door
def void(request: PersonRequest, top_up_id: int) -> HttpResponse:
    """Ask why, and undo a top-up whose money is given back."""
    top_up = _mine(request, top_up_id)
    form = VoidForm(request.POST or None, ready=READY)
    if form.is_valid():
        try:
            taking.void(by=request.user, top_up_id=top_up_id, why=form.cleaned_data["reason"], now=clock.now())
        except till.VoidedAlready:
            # A second press of the same button: it is done.
            return _to_receipt(top_up_id)
        except till.TooLateToVoid as refusal:
            messages.error(request, refusal.message)
            return _to_receipt(top_up_id)
        messages.success(request, f"Annullata: restituisci {top_up.amount} al cliente.")
        return _to_receipt(top_up_id)
    point = queries.point(point_id=top_up.point_id)
    page = {
        **frame(point, queries.open_session(point_id=point.pk)),
        "form": form,
        "top_up": top_up,
        "face": counter.face(wallet_id=top_up.wallet_id),
    }
    return render(request, "counter/void.html", page)


def frame(point: CashPoint, session: CashSession | None) -> dict[str, Any]:
    """Return what the bar of every page shows: the point, its till, what is in it."""
    taken = queries.taken(session_id=session.pk) if session else None
    in_till = Euro(session.float_cents) + taken.cash if session and taken else None
    return {"point": point, "session": session, "taken": taken, "in_till": in_till}


def to_home() -> HttpResponse:
    """Lead back to the code."""
    return HttpResponseRedirect(reverse("counter:home"))


def _mine(request: PersonRequest, top_up_id: int) -> TopUpView:
    """Return a top-up of one's own point; who stands at none has none, and every other is not there."""
    return taking.mine(by=request.user, top_up_id=top_up_id)


def _to_receipt(top_up_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("counter:receipt", args=[top_up_id]))
