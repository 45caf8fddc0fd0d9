"""The steps of the reminders, from a day on: read in plain words, written, taken as a file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.arrears import queries
from campanella.domains.arrears.rules.ladder import told
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.forms import LadderForm, step_forms
from campanella.usecases.arrears import ladder as usecase

SECTION = {"section": "arrears"}


@staff(Role.OFFICE)
def ladder(request: PersonRequest) -> HttpResponse:
    """Show the steps that hold, and write others."""
    today = clock.today()
    now_held = queries.ladder(day=today)
    form = LadderForm(request.POST or None, initial={"first": today})
    forms = step_forms(now_held.steps, request.POST)
    if request.method == "POST" and all([form.is_valid(), *(one.is_valid() for one in forms)]):
        steps = [step for place, one in enumerate(forms, start=1) if (step := one.step(place))]
        try:
            usecase.set_ladder(
                by=request.user,
                first=form.cleaned_data["first"],
                steps=steps,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except usecase.BadLadder as bad:
            for fault in bad.faults:
                form.add_error(None, fault)
        except Refusal as refusal:
            form.add_error("first", refusal.message)
        else:
            messages.success(request, "Passi scritti.")
            return HttpResponseRedirect(reverse("office:ladder"))
    context = {
        **SECTION,
        "form": form,
        "forms": forms,
        "steps": [(step, told(step)) for step in now_held.steps],
        "is_proposed": now_held.id is None,
        "notes": queries.ladder_notes(),
    }
    return render(request, "office/arrears/ladder.html", context, status=422 if form.errors else 200)


@staff(Role.OFFICE)
def as_file(request: PersonRequest) -> HttpResponse:
    """Hand out the steps that hold today, as ``campanella arrears ladder`` reads them again."""
    text = usecase.as_json(queries.ladder(day=clock.today()))
    return as_download(content=text.encode(), name="passi-dei-solleciti.json", content_type="application/json")
