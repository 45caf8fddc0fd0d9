"""What a cash point hands over to the town: made from its counted days, and noted when the money arrives."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.cash import operations, settled
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, form_of, staff
from campanella.interfaces.office.cash.forms import PaidForm, SettleForm
from campanella.interfaces.office.cash.views import SECTION, to_point
from campanella.usecases.cash import points as work


@staff(Role.OFFICE)
@form_of("office:cash-point", "point_id")
def settle(request: PersonRequest, point_id: int) -> HttpResponse:
    """Make the settlement of a point until a day."""
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Scrivi fino a quale giorno, per esempio 14/10/2026.")
        return to_point(point_id)
    try:
        made = work.settle(by=request.user, point_id=point_id, last=form.cleaned_data["last"], now=clock.now())
    except operations.NothingToSettle as refusal:
        messages.error(request, refusal.message)
        return to_point(point_id)
    messages.success(request, f"Riversamento n. {made.number}: {made.due} da versare al Comune.")
    return _to(made.id)


@staff(Role.OFFICE)
def settlement(request: PersonRequest, settlement_id: int) -> HttpResponse:
    """Show a settlement day by day, and note when its money has arrived."""
    found = settled.settlement(settlement_id=settlement_id)
    form = PaidForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid():
        try:
            work.note_paid(by=request.user, settlement_id=settlement_id, now=clock.now(), **form.cleaned_data)
        except operations.AlreadyPaid as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Arrivo registrato.")
        return _to(settlement_id)
    page = {"settlement": found, "closes": settled.closes_of(settlement_id=settlement_id), "form": form}
    return render(request, "office/cash/settlement.html", {**SECTION, **page})


def _to(settlement_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:cash-settlement", args=[settlement_id]))
