"""Many applications at once: taken up, or accepted after everybody has read at which price."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries, rules
from campanella.domains.applying.queries import Application
from campanella.foundation.core import clock
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, form_of, numbers, staff
from campanella.readings.office.applications import Admission, admission, lines
from campanella.usecases.applying import deciding
from campanella.usecases.applying.deciding import Choice

MOST = 50


@staff(Role.OFFICE)
@form_of("office:applications")
def many(request: PersonRequest) -> HttpResponse:
    """Take applications up, or show at which price each would be accepted and then accept them."""
    ids, act = numbers(request.POST.getlist("domanda"))[:MOST], request.POST.get("fai", "")
    here = HttpResponseRedirect(reverse("office:applications"))
    if not ids:
        messages.warning(request, "Scegli almeno una domanda.")
        return here
    if act == "prendi":
        done = deciding.take_up_many(by=request.user, application_ids=ids, now=clock.now())
        messages.success(
            request, f"{counted(done, 'Presa in carico', 'Prese in carico') or 'Nessuna da prendere in carico'}."
        )
        return here
    waiting = [one for one in queries.many(application_ids=ids) if one.state in rules.OPEN]
    found = [(one, how) for one in waiting if (how := admission(application=one))]
    ready = {one.pk: how for one, how in found if how.is_ready}
    if act != "accetta":
        named = {line.application.pk: line.name for line in lines([one for one, _ in found])}
        page = {"lines": [(one, how, named[one.pk], _told(one, how)) for one, how in found], "count": len(ready)}
        return render(request, "office/applying/many.html", {"section": "applications", **page})
    read = set(request.POST.getlist("letta"))
    as_read = [(one, how) for one, how in found if how.is_ready and _told(one, how) in read]
    choices = {one.pk: Choice(how.proposed, how.first, version=one.version) for one, how in as_read if how.proposed}
    done_now = deciding.accept_many(by=request.user, choices=choices, now=clock.now())
    accepted = sum(not one.refused for one in done_now)
    messages.success(request, f"{counted(accepted, 'Accettata', 'Accettate') or 'Nessuna accettata'}.")
    for done_one in done_now:
        if done_one.refused:
            messages.warning(request, f"N. {done_one.number}: {done_one.refused}")
    for one in waiting:
        if one.pk not in choices:
            messages.warning(request, f"N. {one.number}: intanto è cambiata, o il suo prezzo: guardala di nuovo.")
    return here


def _told(one: Application, how: Admission) -> str:
    """Return what was read of an application before it is accepted: another version, price, class or day is another."""
    price = (how.proposed.pk, how.proposed.cents) if how.proposed else ()
    return "/".join(map(str, (one.pk, one.version, how.first, how.place.class_group_id if how.place else "", *price)))
