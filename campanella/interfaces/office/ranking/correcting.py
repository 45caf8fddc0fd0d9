"""What an application is worth by the rules, answer by answer; and the answer that counts after an appeal or a check."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries as applying
from campanella.domains.applying.rules import OPEN
from campanella.domains.ranking import queries
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.ranking.forms import ANSWERS, CorrectForm
from campanella.readings.office.ranking import application_worth
from campanella.readings.ranking.words import worth_rows
from campanella.usecases.ranking import drawing


@staff(Role.OFFICE)
def points(request: PersonRequest, application_id: int) -> HttpResponse:
    """Show what the rules make of an application as it is now, and count another answer."""
    one = applying.application(application_id=application_id)
    if not queries.is_ranked(call_id=one.call_id) or not one.version:
        raise NotFound
    scheme = queries.scheme(call_id=one.call_id)
    parts = drawing.correctable(call_id=one.call_id, scheme=scheme)
    form = CorrectForm(request.POST or None, parts={part: drawing.answers_to(part) for part in parts.values()})
    if form.is_valid():
        part_id, answer = form.chosen
        try:
            drawing.correct(
                by=request.user,
                application_id=application_id,
                part_id=part_id,
                answer=answer,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Corretta: vale dalla prossima graduatoria che fai.")
            return HttpResponseRedirect(reverse("office:application-points", args=[application_id]))
    corrected = [
        (each, ANSWERS.get(each.answer, each.answer)) for each in queries.corrections(application_ids=[application_id])
    ]
    facts = application_worth(application=one)
    page = {
        "one": one,
        "form": form,
        "facts": facts,
        "worth": worth_rows(facts),
        "group": facts["group"] or "nessuna",
        "isee": facts["isee"] or "non presentato",
        "wanted": ", ".join(facts["schools"]),
        "corrected": corrected,
        "may_correct": one.state in OPEN and queries.final(call_id=one.call_id) is None,
    }
    return render(request, "office/ranking/points.html", {"section": "applications", **page})
