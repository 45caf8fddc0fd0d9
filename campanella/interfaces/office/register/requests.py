"""Those who have registered and wait for the office: whose parent they are, or why not."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.people import registered, searching
from campanella.domains.people.registered import Registration
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.design.forms import offer
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, form_of, staff
from campanella.interfaces.office import seeking
from campanella.interfaces.office.families.forms import reason_field
from campanella.usecases.access import linking, requests
from campanella.usecases.registry import KINDS

SECTION = {"section": "waiting"}
MOST_CHILDREN = 12


class AcceptForm(forms.Form):
    """Whose parent somebody is."""

    children = forms.TypedMultipleChoiceField(
        label="È genitore di", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label="Per i bambini è", choices=[(key, word.capitalize()) for key, word in KINDS.items()])


class RefuseForm(forms.Form):
    """Why somebody is tied to no child."""

    why = reason_field("Lo legge chi ha chiesto l’accesso. Per esempio: in anagrafica il genitore è un altro.")


@staff(Role.OFFICE)
@require_safe
def waiting(request: PersonRequest) -> HttpResponse:
    """List who has registered and waits."""
    return render(request, "office/register/requests.html", {**SECTION, "waiting": registered.waiting()})


@staff(Role.OFFICE)
def request_page(request: PersonRequest, registration_id: int) -> HttpResponse:
    """Show what somebody has written beside what the register knows, and tie the children that are chosen."""
    asked = registered.registration(registration_id=registration_id)
    if (text := seeking.asked(request)) is not None:
        seeking.keep(request, text)
        return HttpResponseRedirect(request.path)
    form = _accept_form(request, asked)
    if form.is_valid():
        try:
            requests.accept(
                by=request.user,
                registration_id=registration_id,
                child_ids=form.cleaned_data["children"],
                kind=form.cleaned_data["kind"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Accettata: {asked.full_name} entra e trova i suoi figli. Gli abbiamo scritto.")
            return HttpResponseRedirect(reverse("office:registrations"))
    return _page(request, asked, form, RefuseForm())


@staff(Role.OFFICE)
@form_of("office:registration", "registration_id")
def refuse(request: PersonRequest, registration_id: int) -> HttpResponse:
    """Tie somebody to no child, and say why."""
    asked = registered.registration(registration_id=registration_id)
    refusing = RefuseForm(request.POST)
    if refusing.is_valid():
        try:
            requests.refuse(
                by=request.user, registration_id=registration_id, why=refusing.cleaned_data["why"], now=clock.now()
            )
        except Refusal as refusal:
            refusing.add_error(None, refusal.message)
        else:
            messages.success(request, "Rifiutata: l’accesso è chiuso, e chi l’ha chiesto legge il motivo.")
            return HttpResponseRedirect(reverse("office:registrations"))
    return _page(request, asked, _accept_form(request, asked, is_sent=False), refusing)


@require_POST
@staff(Role.OFFICE)
def print_code(request: PersonRequest, child_id: int) -> HttpResponse:
    """Print the letter with a code by which one more adult of a child registers."""
    made = linking.print_code(by=request.user, child_id=child_id, now=clock.now())
    return as_paper(made, filename=f"codice-{child_id}.pdf")


def _accept_form(request: PersonRequest, asked: Registration, *, is_sent: bool = True) -> AcceptForm:
    text = _sought(request, asked)
    found = searching.children(text=text, limit=MOST_CHILDREN) if text else []
    form = AcceptForm(request.POST if is_sent and request.method == "POST" else None)
    places = schools.places_of(child_ids=[child.pk for child in found], day=clock.today())
    lines = [
        (
            child.pk,
            ", ".join(filter(None, (child.full_name, child.code, places[child.pk].label if child.pk in places else ""))),
        )
        for child in found
    ]
    offer(form, "children", lines)
    return form


def _sought(request: PersonRequest, asked: Registration) -> str:
    """Until something is sought, children of the same family name are shown."""
    text = seeking.sought(request)
    return asked.family_name if text is None else text


def _page(request: PersonRequest, asked: Registration, form: AcceptForm, refusing: RefuseForm) -> HttpResponse:
    adult = registered.adult_with(tax_code=asked.tax_code)
    page: dict[str, Any] = {
        "asked": asked,
        "adult": adult,
        "known": people.children_of_guardian(guardian_id=adult.pk) if adult else [],
        "form": form,
        "refusing": refusing,
        "text": _sought(request, asked),
        "is_waiting": asked.outcome == "waiting",
    }
    return render(request, "office/register/request.html", {**SECTION, **page})
