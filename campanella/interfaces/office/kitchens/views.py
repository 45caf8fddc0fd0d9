"""Which kitchen cooks for which school, and in which shift a class eats."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import operations, queries
from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import School
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, staff

SECTION = {"section": "settings"}


class KitchenForm(forms.Form):
    """A kitchen that is new."""

    name = forms.CharField(
        label="Nome",
        max_length=80,
        help_text="Come lo dite voi, per esempio: Centro cottura di via Gattoni.",
        error_messages={"required": "Scrivi come si chiama."},
    )


class SchoolsForm(forms.Form):
    """The kitchen of each school."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        offered = [("", "La cucina del Comune"), *((kitchen.pk, kitchen.name) for kitchen in queries.kitchens())]
        now = queries.kitchen_of_schools()
        self.schools = kept.schools_on(day=clock.today())
        for school in self.schools:
            self.fields[f"scuola-{school.pk}"] = forms.TypedChoiceField(
                label=school.name,
                choices=offered,
                coerce=int,
                empty_value=None,
                required=False,
                initial=now.get(school.pk),
            )

    def chosen(self) -> dict[int, int | None]:
        """Return the kitchen by school."""
        return {school.pk: self.cleaned_data[f"scuola-{school.pk}"] for school in self.schools}


class ShiftsForm(forms.Form):
    """The shift of each class of a school."""

    def __init__(self, data: object = None, *, school: School) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        offered = [("", "Nessun turno"), *((number, f"{number}° turno") for number in range(1, 5))]
        now = queries.shifts()
        self.classes = list(schools.all_classes(day=clock.today()).filter(school=school).order_by("name"))
        for group in self.classes:
            self.fields[f"classe-{group.pk}"] = forms.TypedChoiceField(
                label=group.name,
                choices=offered,
                coerce=int,
                empty_value=None,
                required=False,
                initial=now.get(group.pk),
            )

    def chosen(self) -> dict[int, int | None]:
        """Return the shift by class."""
        return {group.pk: self.cleaned_data[f"classe-{group.pk}"] for group in self.classes}


@staff(Role.OFFICE)
def kitchens(request: PersonRequest) -> HttpResponse:
    """Show the kitchens and add one."""
    form = KitchenForm(request.POST or None)
    if form.is_valid():
        try:
            added = operations.add_kitchen(by=request.user, name=form.cleaned_data["name"].strip(), now=clock.now())
        except operations.NameTaken as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, f"{added.name} aggiunta. Adesso scegli per quali scuole cucina.")
            return HttpResponseRedirect(reverse("office:kitchens"))
    return _page(request, form, SchoolsForm())


@require_POST
@staff(Role.OFFICE)
def schools_cooked_for(request: PersonRequest) -> HttpResponse:
    """Say which kitchen cooks for which school."""
    form = SchoolsForm(request.POST)
    if not form.is_valid():
        return _page(request, KitchenForm(), form)
    operations.cook_for(by=request.user, kitchen_by_school=form.chosen(), now=clock.now())
    messages.success(request, "Salvato: la cucina lo vede già. I numeri già fermati restano della cucina che li ha.")
    return HttpResponseRedirect(reverse("office:kitchens"))


@staff(Role.OFFICE)
def shifts(request: PersonRequest, school_id: int) -> HttpResponse:
    """Say in which shift each class of a school eats."""
    school = next((one for one in schools.schools() if one.pk == school_id), None)
    if school is None:
        raise NotFound
    form = ShiftsForm(request.POST or None, school=school)
    if form.is_valid():
        operations.set_shifts(by=request.user, shift_by_class=form.chosen(), now=clock.now())
        messages.success(request, f"Turni di {school.name} salvati: la cucina li vede già.")
        return HttpResponseRedirect(reverse("office:kitchens"))
    return render(request, "office/kitchens/shifts.html", {**SECTION, "form": form, "school": school})


def _page(request: PersonRequest, form: KitchenForm, of_schools: SchoolsForm) -> HttpResponse:
    page = {"form": form, "of_schools": of_schools, "kitchens": queries.kitchens(), "schools": of_schools.schools}
    acts = audit.acts_on(subjects=["kitchens"], limit=10)
    return render(request, "office/kitchens/kitchens.html", {**SECTION, **page, "acts": acts})
