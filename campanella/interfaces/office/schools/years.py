"""School years: a new one, and the days of one that has not begun to live."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import SchoolYear
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.schools.forms import YearForm
from campanella.interfaces.office.schools.views import A_DAY, SECTION
from campanella.usecases.setting_up import years as setting_up


@staff(Role.OFFICE)
def new_year(request: PersonRequest) -> HttpResponse:
    """Open a school year: the one after the last, as a rule."""
    known = schools.years_from(day=clock.today())
    first = known[-1].days.upper if known else date(clock.today().year, 9, 1)
    usual = {"first": first, "last": date(first.year + 1, 8, 31)}
    form = YearForm(request.POST or None, initial=usual)
    if form.is_valid():
        try:
            year = setting_up.open_year(by=request.user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("last", refusal.message)
        else:
            messages.success(request, f"L’anno {year.name} è aperto: adesso apri le classi, scuola per scuola.")
            return HttpResponseRedirect(reverse("office:schools"))
    return render(request, "office/schools/year.html", {**SECTION, "form": form, "found": None})


@staff(Role.OFFICE)
def school_year(request: PersonRequest, year_id: int) -> HttpResponse:
    """Change the days of a school year."""
    found = _found(year_id)
    known = {"first": found.days.lower, "last": found.days.upper - A_DAY}
    form = YearForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            setting_up.change_year(by=request.user, year_id=year_id, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("last", refusal.message)
        else:
            messages.success(request, "Salvato.")
            return HttpResponseRedirect(reverse("office:schools"))
    page = {"form": form, "found": found, "acts": audit.acts_on(subjects=["schools"], limit=5)}
    return render(request, "office/schools/year.html", {**SECTION, **page})


def _found(year_id: int) -> SchoolYear:
    found = kept.year_with(year_id=year_id)
    if found is None:
        raise NotFound
    return found
