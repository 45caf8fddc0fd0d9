"""Who may take a child home, on the office's side: the document is seen, then it holds."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.people import delegates, picking_up
from campanella.domains.people import queries as people
from campanella.domains.people.choices import PickUpChoices
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.handed import ENDINGS
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.delegates import DelegateForm, level_of, until
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.families.answers import SECTION

DONE = {
    "conferma": "Confermato: chi ha il servizio lo trova nell’elenco.",
    "togli": "Tolto: da adesso a questa persona il bambino non si dà.",
    "firma": "Firma registrata.",
    "ritira": "Firma tolta: il bambino va preso da un adulto.",
}


@staff(Role.OFFICE)
def pick_up(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show who takes a child home; confirm, name, take away, and put a signature on paper on record."""
    child, now = people.child(child_id=child_id), clock.now()
    today = clock.day_of(now)
    act, level = request.POST.get("fai", ""), level_of(child_id, clock.today())
    form = DelegateForm(*((request.POST,) if act == "aggiungi" else ()))
    del form.fields["copy"]  # the document lies on the desk
    who = number(request.POST.get("chi", "")) or 0
    if form.is_valid():
        try:
            picking_up.name(
                by=request.user, child_id=child_id, until=until(today), is_confirmed=True, now=now, **form.cleaned_data
            )
        except Refusal as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Scritto e confermato: hai visto il documento.")
            return _here(child_id)
    elif act == "apri":
        content, kind = picking_up.read_copy(by=request.user, child_id=child_id, delegate_id=who, now=now)
        return as_download(content=content, name=f"documento-{who}.{ENDINGS[kind]}", content_type=kind)
    elif act in DONE:
        if act == "conferma":
            picking_up.confirm(by=request.user, child_id=child_id, delegate_id=who, now=now)
        elif act == "togli":
            picking_up.end(by=request.user, child_id=child_id, delegate_id=who, now=now)
        elif act == "firma":
            picking_up.sign_alone(
                by=request.user, child_id=child_id, guardian_id=who, level=level, until=until(today), now=now
            )
        else:
            picking_up.withdraw_alone(by=request.user, child_id=child_id, guardian_id=who, now=now)
        messages.success(request, DONE[act])
        return _here(child_id)
    found = delegates.pick_ups(levels={child_id: level}, today=today)[child_id]
    chosen = request.town.chosen(PickUpChoices)
    page = {
        "child": child,
        "found": found,
        "form": form,
        "most": chosen.delegates_most,
        "has_room": len(found.delegates) < chosen.delegates_most,
        "may_be_alone": level in chosen.alone_levels,
        "until": until(today),
    }
    return render(request, "office/register/pick_up.html", {**SECTION, **page})


@staff(Role.OFFICE)
@require_safe
def waiting(request: PersonRequest) -> HttpResponse:
    """List the delegates whose document is still to be seen."""
    return render(request, "office/register/delegates.html", {**SECTION, "waiting": delegates.waiting()})


def _here(child_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:child-pick-up", args=[child_id]))
