"""Scuole e servizi: every school with its classes, a new one, and what is known of one."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries as kitchens
from campanella.domains.schools import keeping, kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import School
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.classes import A_YEAR
from campanella.interfaces.office.schools.forms import ClassesForm, ClosingForm, SchoolForm
from campanella.usecases.setting_up import closing
from campanella.usecases.setting_up import schools as setting_up

SECTION = {"section": "settings"}
A_DAY = timedelta(days=1)


@staff(Role.OFFICE)
def every_school(request: PersonRequest) -> HttpResponse:
    """Show the schools with how many children each has, and the services: seven queries."""
    today = clock.today()
    places, counts = schools.schools(), kept.children_by_school(day=today)
    page = {
        "open": [(one, counts.get(one.pk, 0)) for one in places if not _is_over(one)],
        "closed": [one for one in places if _is_over(one)],
        "services": services.services(),
        "years": schools.years_from(day=today),
        "acts": audit.acts_on(subjects=["schools", "services"], limit=10),
    }
    return render(request, "office/schools/schools.html", {**SECTION, **page})


@staff(Role.OFFICE)
def new_school(request: PersonRequest) -> HttpResponse:
    """Add a school."""
    form = SchoolForm(request.POST or None, is_new=True)
    if form.is_valid():
        data = form.cleaned_data
        new = keeping.NewSchool(data["code"], data["name"], data["level"], data["address"])
        try:
            school = setting_up.add(by=request.user, new=new, now=clock.now())
        except keeping.SchoolNameTaken as refusal:
            form.add_error("name", refusal.message)
        except keeping.SchoolCodeTaken as refusal:
            form.add_error("code", refusal.message)
        else:
            _cook(request, school, data.get("kitchen"))
            messages.success(request, f"{school.name} aggiunta. Adesso apri le sue classi, poi i servizi.")
            return _to_school(school.pk)
    return render(request, "office/schools/new.html", {**SECTION, "form": form})


@staff(Role.OFFICE)
def school(request: PersonRequest, school_id: int) -> HttpResponse:
    """Show one school: what it is called, its classes and services; and call it otherwise."""
    found = schools.school(school_id=school_id)
    form = SchoolForm(request.POST or None, is_new=False, initial=_known(found))
    if form.is_valid():
        data = form.cleaned_data
        try:
            setting_up.change(
                by=request.user,
                school_id=school_id,
                name=data["name"],
                level=data["level"],
                address=data["address"],
                now=clock.now(),
            )
        except keeping.SchoolNameTaken as refusal:
            form.add_error("name", refusal.message)
        except keeping.SchoolHasChildren as refusal:
            form.add_error("level", refusal.message)
        else:
            if "kitchen" in form.changed_data:
                _cook(request, found, data["kitchen"])
            messages.success(request, "Salvato.")
            return _to_school(school_id)
    return shown(request, found, form=form)


def shown(
    request: PersonRequest, found: School, *, form: SchoolForm | None = None, classes: ClassesForm | None = None
) -> HttpResponse:
    """Show the page of a school, with the form that was refused."""
    today = clock.today()
    years = schools.years_from(day=today)
    form = form or SchoolForm(is_new=False, initial=_known(found))
    lines: dict[str, list[kept.ClassLine]] = {year.name: [] for year in years}
    for line in kept.classes_of(school_id=found.pk, today=today):
        lines[line.group.year.name].append(line)
    running = services.calendars_of(school_ids=[found.pk], first=today, last=today + A_YEAR)
    here = {one.service_id: one.service for one in running}
    page = {
        "school": found,
        "is_over": _is_over(found),
        "form": form,
        "classes_form": classes or ClassesForm(years=years),
        "closing": ClosingForm(),
        "lines": lines.items(),
        "today": today,
        "running": here.values(),
        "others": [one for one in services.services() if one.pk not in here],
        "acts": audit.acts_on(subjects=[f"school:{found.code}"], limit=10),
    }
    return render(request, "office/schools/school.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def reopen(request: PersonRequest, school_id: int) -> HttpResponse:
    """Let a school be there again."""
    closing.reopen_school(by=request.user, school_id=school_id, now=clock.now())
    messages.success(request, "La scuola c’è di nuovo: bambini e servizi si rimettono uno per uno.")
    return _to_school(school_id)


@staff(Role.OFFICE)
def close(request: PersonRequest, school_id: int) -> HttpResponse:
    """Tell what the end of a school would do, then do it."""
    found, now = schools.school(school_id=school_id), clock.now()
    form = ClosingForm(request.POST or None)
    ending = None
    if form.is_valid():
        first = form.cleaned_data["last"] + A_DAY
        try:
            ending = closing.of_school(school=found, first=first, now=now)
            if request.POST.get("act") == "confirm":
                closing.close_school(by=request.user, school_id=school_id, first=first, now=now)
                messages.success(request, f"{found.name} è chiusa: quel giorno è l’ultimo.")
                return _to_school(school_id)
        except Refusal as refusal:
            form.add_error("last", refusal.message)
            ending = None
    page = {"school": found, "form": form, "ending": ending}
    return render(request, "office/schools/close.html", {**SECTION, **page})


def _known(school: School) -> dict[str, object]:
    kitchen = kitchens.kitchen_of_schools().get(school.pk)
    return {"name": school.name, "level": school.level, "address": school.address, "kitchen": kitchen}


def _cook(request: PersonRequest, school: School, kitchen_id: int | None) -> None:
    cooking.cook_for(by=request.user, kitchen_by_school={school.pk: kitchen_id}, now=clock.now())


def _is_over(school: School) -> bool:
    return school.closed_from is not None and school.closed_from <= clock.today()


def _to_school(school_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:school", args=[school_id]))
