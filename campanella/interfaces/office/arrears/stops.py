"""Households that nobody writes to for a while; why is opened on its own, and that it was is written down."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.arrears import queries
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.forms import StopForm
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.interfaces.office.families.answers import Words, action
from campanella.usecases.arrears import ladder as usecase

STOP = Words(
    title="Ferma i solleciti",
    lead="Da oggi questa famiglia non riceve solleciti e non va nella lista per la riscossione.",
    button="Ferma i solleciti",
)


@staff(Role.OFFICE)
def stops(request: PersonRequest) -> HttpResponse:
    """List who is not written to today; never why."""
    found = queries.stops_on(day=clock.today())
    names = {one.pk: one.full_name for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    page = {"stops": [(one, names[one.payer_id]) for one in found]}
    return render(request, "office/arrears/stops.html", {**SECTION, **page})


@staff(Role.OFFICE)
def stop(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Stop the reminders to a household."""
    adult = people.guardian(guardian_id=guardian_id)
    form = StopForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            usecase.stop(by=request.user, payer_id=guardian_id, until=data["until"], reason=data["reason"], now=clock.now())
        except usecase.StopTooLong as refusal:
            form.add_error("until", refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Solleciti fermi.")
            return HttpResponseRedirect(reverse("office:reminder-stops"))
    return action(request, form, STOP, adult=adult)


@require_POST
@staff(Role.OFFICE)
def reason(request: PersonRequest, stop_id: int) -> HttpResponse:
    """Open why; the reading is written down."""
    found, text = usecase.open_reason(by=request.user, stop_id=stop_id, now=clock.now())
    page = {"stop": found, "reason": text, "adult": people.guardian(guardian_id=found.payer_id)}
    answer = render(request, "office/arrears/reason.html", {**SECTION, **page})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@staff(Role.OFFICE)
def end(request: PersonRequest, stop_id: int) -> HttpResponse:
    """Let reminders go on."""
    usecase.end_stop(by=request.user, stop_id=stop_id, now=clock.now())
    messages.success(request, "I solleciti riprendono.")
    return HttpResponseRedirect(reverse("office:reminder-stops"))
