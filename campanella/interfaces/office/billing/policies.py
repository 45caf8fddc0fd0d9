"""How each service is paid by all who have no rule of their own, and since when."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.billing.forms import PolicyForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings.office.billing import months as reading
from campanella.usecases.billing import policies as paying


@staff(Role.OFFICE)
def policies(request: PersonRequest) -> HttpResponse:
    """Show the rules with their history, and write another."""
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        service = paying.service_named(said["service"])
        try:
            paying.set_for_all(
                by=request.user,
                service=service,
                kind=said["kind"],
                first=said["first"],
                reason=said["reason"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{service.name}: dal {day_full(said['first'])} {paying.WORDS[said['kind']]}.")
            return HttpResponseRedirect(reverse("office:pay-policies"))
    context = {**SECTION, "form": form, "rules": reading.rules_of(child_id=None)}
    return render(request, "office/billing/policies.html", context, status=422 if form.is_bound else 200)
