"""The menus of the year: a season each, written week by week as they stand on paper."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import operations, queries, rules
from campanella.domains.cooking.rules import Dish
from campanella.domains.enrolment import diet_codes
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import WEEKDAYS_NAMED
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.forms import day_field
from campanella.readings.serving import COOKED

SECTION = {"section": "settings"}
DAY = timedelta(days=1)


class MenuForm(forms.Form):
    """A season's menu without its dishes."""

    service = forms.TypedChoiceField(label="Servizio", coerce=int)
    name = forms.CharField(
        label="Nome", max_length=60, help_text="Per esempio: Invernale.", error_messages={"required": "Scrivi il nome."}
    )
    first = day_field("Dal")
    last = day_field("Al, compreso")
    weeks = forms.IntegerField(
        label="Settimane",
        min_value=1,
        max_value=rules.MOST_WEEKS,
        initial=4,
        help_text="Dopo quante settimane il menù ricomincia.",
        error_messages={"required": "Scrivi un numero.", "min_value": "Da 1 a 8.", "max_value": "Da 1 a 8."},
    )

    def clean(self) -> dict[str, object]:
        """:raises ValidationError: it ends before it begins"""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", ValidationError("L’ultimo giorno viene prima del primo."))
        return data


class DishesField(forms.CharField):
    """The dishes of a day, one a line."""

    def __init__(self, *, label: str, codes: list[str]) -> None:
        self.codes = codes
        widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "true"})
        super().__init__(label=label, required=False, max_length=4000, widget=widget)

    def clean(self, value: object) -> list[Dish]:
        """:raises ValidationError: a line is not understood"""
        try:
            return rules.read_dishes(super().clean(value), codes=self.codes)
        except rules.NotUnderstood as problem:
            raise ValidationError(str(problem), code="dishes") from problem


class WeekForm(forms.Form):
    """The dishes of a week, a field a day."""

    def __init__(self, data: object = None, *, week: list[list[Dish]], codes: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        for place, (label, dishes) in enumerate(zip(WEEKDAYS_NAMED, week, strict=False)):
            self.fields[f"giorno-{place}"] = DishesField(label=label, codes=codes)
            self.fields[f"giorno-{place}"].initial = rules.written(dishes)

    def days(self) -> list[list[Dish]]:
        """Return the dishes, Monday first."""
        return [self.cleaned_data[name] for name in self.fields]


@staff(Role.OFFICE)
def menus(request: PersonRequest) -> HttpResponse:
    """Show the menus with their weeks, and add one."""
    cooked = [service for service in services.services() if service.kind in COOKED]
    form = MenuForm(request.POST or None)
    offer(form, "service", [(service.pk, service.name) for service in cooked])
    if form.is_valid():
        data = form.cleaned_data
        service = next(service for service in cooked if service.pk == data["service"])
        try:
            menu = operations.add_menu(
                by=request.user,
                service=service,
                name=data["name"],
                first=data["first"],
                end=data["last"] + DAY,
                weeks=data["weeks"],
                now=clock.now(),
            )
        except operations.MenuOverlaps as refusal:
            form.add_error("first", refusal.message)
        else:
            messages.success(request, "Menù aggiunto. Adesso scrivi la prima settimana.")
            return HttpResponseRedirect(reverse("office:menu-week", args=[menu.pk, 1]))
    found = queries.menus()
    filled = queries.filled_weeks(menu_ids=[menu.pk for menu in found])
    listed = [
        (menu, menu.days.upper - DAY, [(week, (menu.pk, week) in filled) for week in range(1, menu.weeks + 1)])
        for menu in found
    ]
    acts = audit.acts_on(subjects=["menus"], limit=10)
    return render(request, "office/kitchens/menus.html", {**SECTION, "form": form, "menus": listed, "acts": acts})


@staff(Role.OFFICE)
def week(request: PersonRequest, menu_id: int, week: int) -> HttpResponse:
    """Write the dishes of one week."""
    menu = queries.menu(menu_id=menu_id)
    if not 1 <= week <= menu.weeks:
        raise NotFound
    codes, days = diet_codes.codes(), queries.week(menu_id=menu_id, week=week)
    form = WeekForm(request.POST or None, week=days, codes=[one.code for one in codes])
    if form.is_valid():
        operations.write_week(by=request.user, menu=menu, week=week, days=form.days(), now=clock.now())
        messages.success(request, f"Settimana {week} salvata: famiglie e cucina la leggono da adesso.")
        return HttpResponseRedirect(reverse("office:menus"))
    missing = [
        (name, rules.undefined(dishes, [one.code for one in codes]))
        for name, dishes in zip(WEEKDAYS_NAMED, days, strict=False)
    ]
    page = {
        "form": form,
        "menu": menu,
        "week": week,
        "allergens": rules.ALLERGENS.items(),
        "codes": codes,
        "missing": [(name, found) for name, found in missing if found],
    }
    return render(request, "office/kitchens/week.html", {**SECTION, **page})
