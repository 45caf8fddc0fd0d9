"""What waits for a second person, what was decided, and deciding."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import queries
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.righting.forms import RefuseForm
from campanella.readings.office import proposals as readings
from campanella.usecases.adjusting import deciding

SECTION = {"section": "waiting"}


@staff(Role.OFFICE)
@require_safe
def proposals(request: PersonRequest) -> HttpResponse:
    """Show what waits, what was decided last, and what was given out of kindness this year."""
    year = clock.today().year
    page = {
        "waiting": readings.told(queries.waiting()),
        "last": readings.told(queries.last()),
        "year": year,
        "mine": queries.given_alone(by_id=request.user.pk, year=year),
        "yearly": Euro(request.town.chosen(AdjustChoices).goodwill_yearly),
        "given": queries.given(year=year),
    }
    return render(request, "office/righting/proposals.html", SECTION | page)


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: PersonRequest, decision_id: int) -> HttpResponse:
    """Show one of them with its family's credit; confirm, refuse or take it back."""
    form = RefuseForm(request.POST if request.POST.get("act") == "refuse" else None)
    if request.method == "POST" and (done := _decided(request, decision_id, form)):
        return done
    (line,) = readings.told([queries.proposal(proposal_id=decision_id)])
    page = {
        "line": line,
        "form": form,
        "is_own": line.proposal.by_id == request.user.pk,
        "had_hand": request.user.pk in line.proposal.hands_so_far,
        "wallets": readings.wallets_around(line.proposal),
    }
    return render(request, "office/righting/decision.html", SECTION | page)


def _decided(request: PersonRequest, decision_id: int, form: RefuseForm) -> HttpResponse | None:
    """Do what was pressed; None where the page must be shown again."""
    act, now = request.POST.get("act"), clock.now()
    try:
        if act == "confirm":
            after = deciding.confirm(by=request.user, proposal_id=decision_id, now=now)
            done = "Fatto." if after.state == "done" else "Controllato: adesso tocca a un altro collega."
        elif act == "withdraw":
            deciding.withdraw(by=request.user, proposal_id=decision_id, now=now)
            done = "Ritirato: non è successo niente."
        elif form.is_valid():
            deciding.refuse(by=request.user, proposal_id=decision_id, why=form.cleaned_data["why"], now=now)
            done = "Respinto: i soldi restano dove sono."
        else:
            return None
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("office:decision", args=[decision_id]))
    messages.success(request, done)
    return HttpResponseRedirect(reverse("office:proposals"))
