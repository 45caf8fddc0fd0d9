"""What the town has chosen, who changed what, and its catalogue."""

from dataclasses import fields

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.models import Role
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.tenants import operations
from campanella.foundation.tenants.settings import Choices
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.settings.forms import ChoicesForm

SECTION = {"section": "settings"}
LABELS = {choice.name: choice.metadata["label"] for choice in fields(Choices)}


@staff(Role.OFFICE)
def settings(request: PersonRequest) -> HttpResponse:
    """Show and change the town's choices."""
    form = ChoicesForm(request.POST or None, choices=request.town.choices)
    if form.is_valid():
        present = request.town.choices
        filled = {name: tuple(value) if isinstance(value, list) else value for name, value in form.cleaned_data.items()}
        changes = {name: filled[name] for name in form.changed_data if filled[name] != getattr(present, name)}
        operations.change_choices(by=request.user, changes=changes)
        changed = ", ".join(LABELS[name] for name in changes)
        messages.success(request, f"Salvato: {changed}." if changed else "Non è cambiato nulla.")
        return HttpResponseRedirect(reverse("office:settings"))
    acts = [(act, _in_words(act.sentence)) for act in audit.acts_on(subjects=["town"])]
    return render(request, "office/settings/settings.html", {**SECTION, "form": form, "acts": acts})


@staff(Role.OFFICE)
def catalogue(request: PersonRequest) -> HttpResponse:
    """Show schools, classes, services and tariffs."""
    today = clock.today()
    classes: dict[int, list[str]] = {}
    for group in schools.all_classes(day=today).order_by("name"):
        classes.setdefault(group.school_id, []).append(group.name)
    page = {
        "schools": [(school, classes.get(school.pk, [])) for school in schools.schools()],
        "services": services.catalogue(),
    }
    return render(request, "office/settings/catalogue.html", {**SECTION, **page})


def _in_words(sentence: str) -> str:
    """Say the labels of the choices instead of their names."""
    for name, label in sorted(LABELS.items(), key=lambda pair: -len(pair[0])):
        sentence = sentence.replace(name, label)
    return sentence
