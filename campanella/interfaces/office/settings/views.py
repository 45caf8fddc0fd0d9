"""What the town has chosen, who changed what, and its catalogue."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.tenants import queries
from campanella.foundation.tenants.operations import WaitsNoLonger
from campanella.foundation.tenants.settings import declared, in_words
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.settings.forms import ChoicesForm
from campanella.usecases import town_choices, two_people

SECTION = {"section": "settings"}


@staff(Role.OFFICE)
def settings(request: PersonRequest) -> HttpResponse:
    """Show and change the town's choices, as they stand in the database: another process may remember older ones."""
    form = ChoicesForm(request.POST or None, choices=queries.chosen_now())
    if form.is_valid():
        filled = {name: tuple(value) if isinstance(value, list) else value for name, value in form.cleaned_data.items()}
        changed = town_choices.change(by=request.user, changes={name: filled[name] for name in form.changed_data})
        if changed.now or not changed.waiting:
            messages.success(request, f"Salvato: {_named(changed.now)}." if changed.now else "Non è cambiato nulla.")
        if changed.waiting:
            messages.info(request, f"{_named(changed.waiting)}: vale quando un collega lo conferma in questa pagina.")
        return HttpResponseRedirect(reverse("office:settings"))
    acts = [(act, _in_words(act.sentence)) for act in audit.acts_on(subjects=["town"])]
    waiting = [
        (one, _labels()[one.name], one.actor_id == request.user.pk, in_words(one.name, one.value))
        for one in queries.waiting_choices()
    ]
    return render(request, "office/settings/settings.html", {**SECTION, "form": form, "acts": acts, "waiting": waiting})


@require_POST
@staff(Role.OFFICE)
def second_person(request: PersonRequest) -> HttpResponse:
    """Confirm a change that waits for a second person, or take it back."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    if request.POST.get("act") != "confirm":
        town_choices.take_back(by=request.user, name=name)
        messages.success(request, "Richiesta annullata: resta com’era.")
        return HttpResponseRedirect(reverse("office:settings"))
    try:
        town_choices.confirm(by=request.user, name=name, value=value, now=clock.now())
    except (WaitsNoLonger, two_people.SamePerson, two_people.InOneHand) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Confermato: {_named([name])}. Vale da adesso.")
    return HttpResponseRedirect(reverse("office:settings"))


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


def _named(names: Sequence[str]) -> str:
    return ", ".join(_labels()[name] for name in names)


def _labels() -> dict[str, str]:
    return {choice.name: choice.metadata["label"] for choice in declared()}


def _in_words(sentence: str) -> str:
    """Say the labels of the choices instead of their names."""
    for name, label in sorted(_labels().items(), key=lambda pair: -len(pair[0])):
        sentence = sentence.replace(name, label)
    return sentence
