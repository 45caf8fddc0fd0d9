"""A month's invoices, from the preview to the confirmation, on to the last one, and back."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import queries as billing
from campanella.domains.billing import runs as queries
from campanella.domains.billing.rules import month_of
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.billing.forms import HandingForm, MonthForm
from campanella.readings import told
from campanella.readings.billing import einvoices
from campanella.readings.billing.einvoices import NotElectronic, SellerIncomplete
from campanella.readings.office.billing import months as reading
from campanella.usecases.billing import handing, policies, running, staging

SECTION = {"section": "billing"}


@staff(Role.OFFICE)
def runs(request: PersonRequest) -> HttpResponse:
    """Show the months that were billed, and look at another one."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            first, last = month_of(form.cleaned_data["month"])
            service = policies.service_named(form.cleaned_data["service"])
            found = running.preview(by=request.user, service=service, first=first, last=last, now=clock.now())
        except ValueError:
            form.add_error("month", "Scrivi un mese, per esempio 2026-10.")
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return HttpResponseRedirect(reverse("office:billing-run", args=[found.id]))
    context = {**SECTION, "form": form, "runs": reading.runs(), "ways": reading.ways(today=clock.today())}
    return render(request, "office/billing/runs.html", context, status=422 if form.is_bound else 200)


@staff(Role.OFFICE)
def run(request: PersonRequest, run_id: int) -> HttpResponse:
    """Show one month: what the preview says and is strange, or how far it is."""
    return _run(request, run_id)


@staff(Role.OFFICE)
def confirm(request: PersonRequest, run_id: int) -> HttpResponse:
    """Confirm the invoices as the page has shown them."""
    told = request.POST.get("told", "")
    return _act(request, run_id, partial(running.confirm, told=told), "Fatture confermate.")


@staff(Role.OFFICE)
def go_on(request: PersonRequest, run_id: int) -> HttpResponse:
    """Let the rest of the invoices go."""
    return _act(request, run_id, staging.go_on, "Le altre fatture partono.")


@staff(Role.OFFICE)
def stop(request: PersonRequest, run_id: int) -> HttpResponse:
    """Stop where it is."""
    return _act(request, run_id, staging.stop, "Emissione fermata.")


@staff(Role.OFFICE)
@require_safe
def electronic(request: PersonRequest, run_id: int) -> HttpResponse:
    """Hand out a month's electronic invoices, and which are left out."""
    try:
        made = einvoices.archive(run_id=run_id)
    except (NotElectronic, SellerIncomplete) as refusal:
        messages.error(request, refusal.message)
        return _back(run_id)
    return as_download(content=made.content, name=made.name, content_type="application/zip")


@staff(Role.OFFICE)
@require_POST
def handed(request: PersonRequest, run_id: int) -> HttpResponse:
    """Write down when the invoices of a month were brought to those whom no e-mail reaches."""
    form = HandingForm(request.POST)
    if not form.is_valid():
        return _run(request, run_id, handing_form=form, status=422)
    try:
        count = handing.note_of_run(by=request.user, run_id=run_id, now=clock.now(), **form.cleaned_data)
    except Refusal as refused:
        form.add_error("day", refused.message)
        return _run(request, run_id, handing_form=form, status=422)
    messages.success(request, f"Scritto: {'1 fattura consegnata' if count == 1 else f'{count} fatture consegnate'}.")
    return _back(run_id)


def _act(request: PersonRequest, run_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    if request.method == "POST":
        try:
            act(by=request.user, run_id=run_id, now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
    return _back(run_id)


def _back(run_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:billing-run", args=[run_id]))


def _run(request: PersonRequest, run_id: int, *, handing_form: HandingForm | None = None, status: int = 200) -> HttpResponse:
    found, today = queries.run(run_id=run_id), clock.today()
    mine = billing.invoices_between(period=None, run_id=run_id) if found.issued and found.state != "recalled" else []
    context = {
        **SECTION,
        "page": reading.page_of(run=found, user_id=request.user.pk),
        "run": found,
        "untold": len(told.untold(invoices=mine, today=today)) if mine else 0,
        "handing_form": handing_form or HandingForm(initial={"day": today}),
        "is_electronic": einvoices.is_electronic(service_id=found.service_id, year=found.first.year),
        "acts": audit.acts_on(subjects=[f"run:{run_id}"]),
    }
    return render(request, "office/billing/run.html", context, status=status)


def _form(request: PersonRequest) -> MonthForm:
    month_before = clock.today().replace(day=1) - timedelta(days=1)
    offered = reading.offered() or services.services()
    if request.method == "POST":
        return MonthForm(request.POST, offered=offered)
    return MonthForm(initial={"month": f"{month_before:%Y-%m}"}, offered=offered)
