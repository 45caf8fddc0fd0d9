"""Calling a month's invoices back: looked at, asked with a reason, confirmed, stopped before it leaves."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import runs as queries
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.billing.forms import RecallForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings.office.billing.months import page_of
from campanella.readings.office.billing.recalls import recall_of
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.billing import recalling

MINUTES = int(LEAVES_AFTER.total_seconds()) // 60


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: PersonRequest, run_id: int) -> HttpResponse:
    """Show what a recall would annul, and ask for it."""
    found = queries.run(run_id=run_id)
    if found.state in ("prepared", "recalled"):
        if request.method == "POST":
            return _back("office:billing-run", run_id)
        raise NotFound("Queste fatture non si possono ritirare: non sono ancora partite, o sono già ritirate.")
    form = RecallForm(request.POST or None)
    if form.is_valid():
        try:
            recalling.ask(by=request.user, run_id=run_id, reason=form.cleaned_data["reason"], now=clock.now())
        except Refusal as refused:
            form.add_error("reason", refused.message)
        else:
            return _back("office:billing-recall", run_id)
    context = {
        **SECTION,
        "run": found,
        "line": page_of(run=found, user_id=request.user.pk).line,
        "page": recall_of(run=found, user_id=request.user.pk, today=clock.today()),
        "form": form,
        "minutes": MINUTES,
        "is_leaving": found.recall is not None and found.recall.leaves_at is not None,
        "acts": audit.acts_on(subjects=[f"run:{run_id}"]),
    }
    return render(request, "office/billing/recall.html", context, status=422 if form.errors else 200)


@staff(Role.OFFICE)
@require_POST
def let_go(request: PersonRequest, run_id: int) -> HttpResponse:
    """Say yes to a recall that somebody else has asked for."""
    told = f"Confermato: tra {MINUTES} minuti le fatture sono ritirate."
    return _act(request, run_id, recalling.let_go, told)


@staff(Role.OFFICE)
@require_POST
def stop(request: PersonRequest, run_id: int) -> HttpResponse:
    """Take a recall back that has not been made."""
    return _act(request, run_id, recalling.stop, "Fermato: nessuna fattura è stata ritirata.")


def _act(request: PersonRequest, run_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    try:
        act(by=request.user, run_id=run_id, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    found = queries.run(run_id=run_id)
    return _back("office:billing-recall" if found.recall and found.state != "recalled" else "office:billing-run", run_id)


def _back(name: str, run_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[run_id]))
