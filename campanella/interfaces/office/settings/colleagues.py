"""Who works for the town here: accesses of office, schools, kitchens and cash points."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.schools import queries as schools
from campanella.foundation.core import audit, clock
from campanella.foundation.design.forms import offer
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.usecases.access import colleagues
from campanella.usecases.access import giving as accesses

SECTION = {"section": "settings"}
# What each role opens, as the office says it.
ROLES = {
    Role.OFFICE: "Ufficio: famiglie, soldi, impostazioni",
    Role.SCHOOL: "Scuola: l’appello, mai i debiti",
    Role.KITCHEN: "Cucina: i numeri e che cosa servire, mai perché",
    Role.CASHIER: "Cassa: incassa con il codice, senza vedere né saldi né debiti",
}


class ColleagueForm(forms.Form):
    """Somebody who works for the town, and what they may do."""

    display_name = forms.CharField(
        label="Nome e cognome", max_length=120, error_messages={"required": "Scrivi nome e cognome."}
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Riceve il collegamento per scegliere la password. Senza, stampi la lettera.",
        error_messages={"invalid": "Questo indirizzo non è completo: manca forse la chiocciola."},
    )
    roles = forms.TypedMultipleChoiceField(
        label="Che cosa fa",
        coerce=Role,
        choices=[(str(role), words) for role, words in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno un incarico."},
    )
    school_ids = forms.TypedMultipleChoiceField(
        label="In quali scuole fa l’appello",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nessuna scelta vuol dire tutte. Conta solo per la scuola.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "school_ids", [(school.pk, school.name) for school in schools.schools()])


@staff(Role.OFFICE)
def people(request: PersonRequest) -> HttpResponse:
    """Show who works here."""
    places = schools.workplaces()
    rows = [(user, _does(user), places.get(user.pk, [])) for user in users.staff()]
    return render(request, "office/settings/people.html", {**SECTION, "rows": rows})


@staff(Role.OFFICE)
def new_person(request: PersonRequest) -> HttpResponse:
    """Give somebody an access."""
    form = ColleagueForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        user = colleagues.add(by=request.user, now=clock.now(), **data)
        sent = f"è partita la lettera a {data['email']}" if data["email"] else "ora stampa la lettera"
        messages.success(request, f"L’accesso si chiama {user.username}: {sent}.")
        return _to_person(user.pk)
    return render(request, "office/settings/person.html", {**SECTION, "form": form, "person": None})


@staff(Role.OFFICE)
def person(request: PersonRequest, user_id: int) -> HttpResponse:
    """Show a colleague, and change what they may do."""
    found = users.member_of_staff(user_id=user_id)
    known = {
        "display_name": found.display_name,
        "email": found.email,
        "roles": found.roles,
        "school_ids": [school.pk for school in schools.workplaces().get(user_id, [])],
    }
    form = ColleagueForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            colleagues.change(by=request.user, user_id=user_id, now=clock.now(), **form.cleaned_data)
        except accesses.OwnAccess as refusal:
            form.add_error("roles", refusal.message)
        else:
            messages.success(request, "Salvato.")
            return _to_person(user_id)
    page = {"form": form, "person": found, "acts": audit.acts_on(subjects=[f"user:{user_id}"])}
    return render(request, "office/settings/person.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def person_letter(request: PersonRequest, user_id: int) -> HttpResponse:
    """Print a colleague's letter, with a password for one use."""
    try:
        return as_paper(
            accesses.print_for_staff(by=request.user, user_id=user_id, now=clock.now()), filename=f"accesso-{user_id}.pdf"
        )
    except accesses.Closed as refusal:
        messages.error(request, refusal.message)
        return _to_person(user_id)


@require_POST
@staff(Role.OFFICE)
def person_close(request: PersonRequest, user_id: int) -> HttpResponse:
    """Close a colleague's access, or open it again."""
    opens = request.POST.get("open") == "1"
    try:
        (colleagues.reopen if opens else colleagues.close)(by=request.user, user_id=user_id, now=clock.now())
    except accesses.OwnAccess as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Accesso riaperto." if opens else "Accesso chiuso: da questo momento non entra più.")
    return _to_person(user_id)


def _does(user: User) -> str:
    labels = [str(Role(role).label) for role in user.roles if role != Role.GUARDIAN]
    return ", ".join(labels).capitalize()


def _to_person(user_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:person", args=[user_id]))
