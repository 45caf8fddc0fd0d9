"""How each service is paid by all who have no rule of their own, and since when: looked at first, then changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.billing.forms import PolicyForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings.office.billing import months as reading
from campanella.readings.office.billing.switching import Switch, switch_of
from campanella.usecases.billing import policies as paying


@staff(Role.OFFICE)
def policies(request: PersonRequest) -> HttpResponse:
    """Show the rules with their history; say what another would do, and write it once that was read."""
    form = PolicyForm(request.POST or None)
    page: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        service = paying.service_named(said["service"])
        try:
            paying.check(service=service, kind=said["kind"], first=said["first"])
            switch = switch_of(service=service, kind=said["kind"], first=said["first"])
            told = f"{service.name}: dal {day_full(said['first'])} {paying.WORDS[said['kind']]}."
            page = {"switch": switch, "told": told, "is_debit": said["kind"] == "debit"}
            if "confirm" in request.POST and not switch.is_same and _was_read(request, switch):
                paying.set_for_all(by=request.user, now=clock.now(), **said | {"service": service})
                messages.success(request, told)
                return HttpResponseRedirect(reverse("office:pay-policies"))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            page = {}
    context = {**SECTION, **page, "form": form, "rules": reading.rules_of(child_id=None)}
    return render(request, "office/billing/policies.html", context, status=422 if form.is_bound and not page else 200)


def _was_read(request: PersonRequest, switch: Switch) -> bool:
    """Tell whether as many would switch as the page has said; else it is to be read again."""
    if number(request.POST.get("children", "")) == switch.children:
        return True
    messages.warning(request, "Intanto il numero dei bambini è cambiato: guarda di nuovo, poi conferma.")
    return False
