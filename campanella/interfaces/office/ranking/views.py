"""The lists of a call: drawn up, looked at, compared with the one before, published; and the places offered by them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.ranking.rules.scheme import KEYS, LATE
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.ranking.forms import DrawForm, PublishForm
from campanella.readings.office.ranking import call_ranking, office_list
from campanella.usecases.ranking import drawing, publishing

SECTION = {"section": "applications"}


@staff(Role.OFFICE)
def call(request: PersonRequest, call_id: int) -> HttpResponse:
    """Show the rules of a call and its lists; draw one up."""
    now = clock.now()
    found = call_ranking(call_id=call_id, now=now)
    form = DrawForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = drawing.draw_up(by=request.user, call_id=call_id, seed=data["seed"], why=data["why"], now=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Graduatoria n. {made.number}: guardala, poi pubblicala.")
            return HttpResponseRedirect(reverse("office:ranking", args=[made.pk]))
    keys, late = [KEYS[name] for name in found.scheme.keys], LATE[found.scheme.late]
    page = {"found": found, "one": found.call, "form": form, "keys": keys, "late_order": late}
    return render(request, "office/ranking/call.html", SECTION | page)


@staff(Role.OFFICE)
def ranking(request: PersonRequest, list_id: int) -> HttpResponse:
    """Show one list by age group with what has moved since the one before; publish it."""
    found = office_list(list_id=list_id)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            publishing.publish(
                by=request.user,
                list_id=list_id,
                is_final=data["way"] == "final",
                appeals_until=data["appeals_until"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Pubblicata: ogni famiglia legge il suo posto, e riceve una e-mail.")
            return HttpResponseRedirect(reverse("office:ranking", args=[list_id]))
    page = {"found": found, "one": found.ranking, "form": form}
    return render(request, "office/ranking/list.html", SECTION | page)
