"""The town's fees: a month's fixed share, a year's fee in instalments; look at one before it charges, and take it back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.billing.fee_rules import EVERY
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, numbers, staff
from campanella.interfaces.office.billing.fee_forms import FeeForm, NewFeeForm
from campanella.interfaces.office.billing.forms import WithdrawForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings.office.billing import fees as reading
from campanella.usecases.billing import fees as deciding
from campanella.usecases.billing.policies import service_named


@staff(Role.OFFICE)
def fees(request: PersonRequest) -> HttpResponse:
    """List the fees, and begin another."""
    form = NewFeeForm(offered=reading.offered())
    return render(request, "office/billing/fees.html", {**SECTION, "lines": reading.lines(), "form": form})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Write a fee of a service down; it charges nobody before it is confirmed."""
    service = service_named(request.GET.get("service", ""))
    every = next((one for one in EVERY if one == request.GET.get("every")), None)
    if every is None:
        raise NotFound
    shares = reading.shares_of(service_id=service.pk, every=every)
    brackets = reading.prices_of(service_id=service.pk)
    form = FeeForm(request.POST or None, every=every, brackets=brackets, shares=shares)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            fee_id = deciding.draft(
                by=request.user,
                service=service,
                name=said["name"],
                every=every,
                edges=said["edges"],
                level=said["level"],
                parts=form.parts,
                cents=form.cents,
                reason=said["reason"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return HttpResponseRedirect(reverse("office:fee", args=[fee_id]))
    context = {**SECTION, "form": form, "service": service, "every": reading.EVERY[every], "brackets": brackets or shares}
    return render(request, "office/billing/fee_new.html", context, status=422 if form.is_bound else 200)


@staff(Role.OFFICE)
def fee(request: PersonRequest, fee_id: int) -> HttpResponse:
    """Show a fee: whom it charges, when, how much."""
    return _page(request, fee_id, WithdrawForm())


@staff(Role.OFFICE)
def confirm(request: PersonRequest, fee_id: int) -> HttpResponse:
    """Let a fee charge what the page has shown."""
    if request.method == "POST":
        told = Euro(next(iter(numbers([request.POST.get("told", "")])), 0))
        try:
            count = deciding.confirm(by=request.user, fee_id=fee_id, now=clock.now(), told=told)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            now = f"addebitata ora a {counted(count, 'bambino', 'bambini')}" if count else "per ora nessun addebito"
            messages.success(request, f"Quota confermata: {now}; le rate a venire partono da sole.")
    return HttpResponseRedirect(reverse("office:fee", args=[fee_id]))


@staff(Role.OFFICE)
def withdraw(request: PersonRequest, fee_id: int) -> HttpResponse:
    """Take a fee back, with what it has charged."""
    form = WithdrawForm(request.POST or None)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("office:fee", args=[fee_id]))
    if not form.is_valid():
        return _page(request, fee_id, form, status=422)
    try:
        count = deciding.withdraw(by=request.user, fee_id=fee_id, reason=form.cleaned_data["reason"], now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        given = f"restituita a {counted(count, 'bambino', 'bambini')}" if count else "non aveva addebitato niente"
        messages.success(request, f"Quota ritirata: {given}.")
    return HttpResponseRedirect(reverse("office:fee", args=[fee_id]))


def _page(request: PersonRequest, fee_id: int, form: WithdrawForm, *, status: int = 200) -> HttpResponse:
    context = {
        **SECTION,
        "page": reading.page_of(fee_id=fee_id, user_id=request.user.pk),
        "form": form,
        "acts": audit.acts_on(subjects=[f"fee:{fee_id}"]),
    }
    return render(request, "office/billing/fee.html", context, status=status)
