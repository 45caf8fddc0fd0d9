"""Who may take a child home: named by its family, confirmed by the office; and who may go home alone."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.people import delegates, picking_up, queries
from campanella.domains.people.choices import PickUpChoices
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.delegates import DelegateForm, level_of, until
from campanella.interfaces.doors import PersonRequest, family, number


@family
def pick_up(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show who takes a child home; name somebody, take somebody away, sign that it goes alone or take that back."""
    child, now = queries.child_for(user=request.user, child_id=child_id), clock.now()
    today = clock.day_of(now)
    here = HttpResponseRedirect(reverse("portal:pick-up", args=[child_id]))
    act = request.POST.get("fai", "")
    form = DelegateForm(*((request.POST, request.FILES) if act == "aggiungi" else ()))
    level = level_of(child_id, today)
    holder = queries.guardian_of(user=request.user)
    if form.is_valid():
        try:
            picking_up.name(
                by=request.user,
                child_id=child_id,
                until=until(today),
                is_confirmed=False,
                now=now,
                **form.said(),
            )
        except Refusal as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Scritto. Vale quando l’ufficio ha visto il documento.")
            return here
    elif act == "togli":
        picking_up.end(by=request.user, child_id=child_id, delegate_id=number(request.POST.get("chi", "")) or 0, now=now)
        messages.success(request, "Tolto: da adesso a questa persona il bambino non si dà.")
        return here
    elif act in ("firma", "ritira"):
        if holder is None:
            raise NotFound
        if act == "firma":
            picking_up.sign_alone(
                by=request.user, child_id=child_id, guardian_id=holder.pk, level=level, until=until(today), now=now
            )
        else:
            picking_up.withdraw_alone(by=request.user, child_id=child_id, guardian_id=holder.pk, now=now)
        return here
    found = delegates.pick_ups(levels={child_id: level}, today=today)[child_id]
    chosen = request.town.chosen(PickUpChoices)
    page = {
        "child": child,
        "found": found,
        "form": form,
        "most": chosen.delegates_most,
        "has_room": len(found.delegates) < chosen.delegates_most,
        "may_be_alone": level in chosen.alone_levels and holder is not None,
        "has_signed": holder is not None and holder.pk in found.signed,
        "until": until(today),
    }
    return render(request, "portal/profile/pick_up.html", {**page, "section": "profile"})
