"""Runs of reminders: who would have one and who not, the first of them, the rest, stop, close."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.arrears import queries
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.readings.office import arrears as reading
from campanella.usecases.arrears import running


@staff(Role.OFFICE)
def runs(request: PersonRequest) -> HttpResponse:
    """Show the last runs, and look at another."""
    if request.method == "POST":
        try:
            found = running.preview(by=request.user, now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            return HttpResponseRedirect(reverse("office:reminder-run", args=[found.id]))
    return render(request, "office/arrears/runs.html", {**SECTION, "runs": reading.runs()})


@staff(Role.OFFICE)
def run(request: PersonRequest, run_id: int) -> HttpResponse:
    """Show one run: who has which step, who is left out and why, how far it is."""
    found = queries.run(run_id=run_id)
    context = {
        **SECTION,
        "run": found,
        "page": reading.page_of(run=found),
        "leaves_later": found.leaves_at is not None and found.leaves_at > clock.now(),
        "acts": audit.acts_on(subjects=[f"reminder_run:{run_id}"]),
    }
    return render(request, "office/arrears/run.html", context)


@staff(Role.OFFICE)
def confirm(request: PersonRequest, run_id: int) -> HttpResponse:
    """Let the first reminders go."""
    return _act(request, run_id, running.confirm, "Confermato: tra cinque minuti partono i primi solleciti.")


@staff(Role.OFFICE)
def go_on(request: PersonRequest, run_id: int) -> HttpResponse:
    """Let the rest go."""
    return _act(request, run_id, running.go_on, "Tra cinque minuti partono gli altri solleciti.")


@staff(Role.OFFICE)
def stop(request: PersonRequest, run_id: int) -> HttpResponse:
    """Stop where it is."""
    return _act(request, run_id, running.stop, "Fermato: chi non ha ancora avuto il sollecito non lo riceve.")


@staff(Role.OFFICE)
def close(request: PersonRequest, run_id: int) -> HttpResponse:
    """End a run, or forget a preview."""
    answer = _act(request, run_id, running.close, "Chiuso.")
    return answer if request.method == "POST" and _is_there(run_id) else HttpResponseRedirect(reverse("office:reminders"))


def _is_there(run_id: int) -> bool:
    return any(one.id == run_id for one in queries.runs())


def _act(request: PersonRequest, run_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    if request.method == "POST":
        try:
            act(by=request.user, run_id=run_id, now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
    return HttpResponseRedirect(reverse("office:reminder-run", args=[run_id]))
