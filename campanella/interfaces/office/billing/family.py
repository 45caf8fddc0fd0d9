"""How one family pays, from a day on: what would be carried over is looked at first."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.billing.forms import FamilyPolicyForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings.office.billing import family as reading
from campanella.usecases.billing import policies as paying


@staff(Role.OFFICE)
def family_policy(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Show how a payer's children pay; look at a switch, then make it."""
    adult = people.guardian(guardian_id=guardian_id)
    page = reading.page_of(guardian_id=guardian_id, today=clock.today())
    form = FamilyPolicyForm(request.POST or None, page=page)
    moved: list[reading.Moved] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        service = paying.service_named(said["service"])
        if "confirm" not in request.POST:
            moved = reading.moved(child_ids=said["children"], service_id=service.pk, kind=said["kind"])
        else:
            try:
                paying.set_for_children(
                    by=request.user,
                    child_ids=said["children"],
                    service=service,
                    kind=said["kind"],
                    first=said["first"],
                    reason=said["reason"],
                    now=clock.now(),
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                told = f"{service.name}: dal {day_full(said['first'])} {paying.WORDS[said['kind']]}."
                messages.success(request, told)
                return HttpResponseRedirect(reverse("office:family-policy", args=[guardian_id]))
    context = {
        **SECTION,
        "adult": adult,
        "page": page,
        "form": form,
        "moved": moved,
        "is_debit": bool(moved) and form.cleaned_data["kind"] == "debit",
    }
    return render(request, "office/billing/family_policy.html", context, status=422 if form.errors else 200)
