"""The classes of a school: opened, called otherwise, moved to another year, closed, taken away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.schools.forms import ClassClosingForm, ClassesForm, ClassNameForm, ClassYearForm
from campanella.interfaces.office.schools.views import A_DAY, SECTION, shown
from campanella.usecases.setting_up import closing
from campanella.usecases.setting_up import schools as setting_up


@require_POST
@staff(Role.OFFICE)
def open_classes(request: PersonRequest, school_id: int) -> HttpResponse:
    """Open classes of a school in a year."""
    school = schools.school(school_id=school_id)
    form = ClassesForm(request.POST, years=schools.years_from(day=clock.today()))
    if form.is_valid():
        try:
            opened = setting_up.open_classes(
                by=request.user,
                school_id=school_id,
                year_id=form.cleaned_data["year"],
                written=form.cleaned_data["written"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("written", refusal.message)
        else:
            said = counted(len(opened), "classe aperta", "classi aperte")
            messages.success(request, f"{said}: {', '.join(opened)}." if opened else "Queste classi c’erano già.")
            return HttpResponseRedirect(reverse("office:school", args=[school_id]))
    return shown(request, school, classes=form)


@staff(Role.OFFICE)
def one_class(request: PersonRequest, class_group_id: int) -> HttpResponse:
    """Show a class with its children, and change it: what ends it is told first, then done."""
    group = schools.class_group(class_group_id=class_group_id)
    today = clock.today()
    years = [year for year in schools.years_from(day=today) if year.pk != group.year_id]
    lines = kept.classes_of(school_id=group.school_id, today=today)
    others = [line.group for line in lines if line.group.year_id == group.year_id and line.group.pk != group.pk]
    sent = {request.POST.get("form"): request.POST} if request.method == "POST" else {}
    name = ClassNameForm(sent.get("name"), initial={"name": group.name}, prefix="name")
    year = ClassYearForm(sent.get("year"), years=years, prefix="year")
    end = ClassClosingForm(sent.get("end"), others=[one for one in others if one.closed_from is None], prefix="end")
    acts: dict[str | None, Callable[[], str | None]] = {
        "name": lambda: _rename(request, group, name),
        "year": lambda: _move(request, group, year),
        "remove": lambda: _remove(request, group),
        "reopen": lambda: _reopen(request, group),
    }
    done = acts[request.POST.get("form")]() if request.POST.get("form") in acts else None
    if done:
        return HttpResponseRedirect(done)
    ending, is_done = _end(request, group, end)
    if is_done:
        return HttpResponseRedirect(_here(group))
    is_empty = not kept.has_been_sat_in(class_group_id=class_group_id)
    page = {
        "group": group,
        "pupils": kept.pupils_from(class_ids=[group.pk], day=max(today, group.year.days.lower)),
        "is_empty": is_empty,
        "name": name,
        "year": year if is_empty and years else None,
        "end": end,
        "ending": ending,
        "acts": audit.acts_on(subjects=[f"class:{group.pk}"], limit=10),
    }
    return render(request, "office/schools/class.html", {**SECTION, **page})


def _rename(request: PersonRequest, group: ClassGroup, form: ClassNameForm) -> str | None:
    if not form.is_valid():
        return None
    try:
        setting_up.rename_class(by=request.user, class_group_id=group.pk, name=form.cleaned_data["name"], now=clock.now())
    except Refusal as refusal:
        form.add_error("name", refusal.message)
        return None
    messages.success(request, "Salvato: il nome vale anche per i giorni passati.")
    return _here(group)


def _move(request: PersonRequest, group: ClassGroup, form: ClassYearForm) -> str | None:
    if not form.is_valid():
        return None
    try:
        setting_up.move_class(by=request.user, class_group_id=group.pk, year_id=form.cleaned_data["year"], now=clock.now())
    except Refusal as refusal:
        form.add_error("year", refusal.message)
        return None
    messages.success(request, "La classe è nell’altro anno.")
    return _here(group)


def _remove(request: PersonRequest, group: ClassGroup) -> str | None:
    try:
        setting_up.remove_class(by=request.user, class_group_id=group.pk, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _here(group)
    messages.success(request, f"La classe {group.name} non c’è più.")
    return reverse("office:school", args=[group.school_id])


def _reopen(request: PersonRequest, group: ClassGroup) -> str:
    closing.reopen_class(by=request.user, class_group_id=group.pk, now=clock.now())
    messages.success(request, f"La classe {group.name} c’è di nuovo, vuota: i bambini si rimettono uno per uno.")
    return _here(group)


def _end(request: PersonRequest, group: ClassGroup, form: ClassClosingForm) -> tuple[closing.Ending | None, bool]:
    """Tell what the end of a class would do, or do it."""
    if not form.is_valid():
        return None, False
    now, first, to_id = clock.now(), form.cleaned_data["last"] + A_DAY, form.cleaned_data["to"]
    try:
        to = schools.class_group(class_group_id=to_id) if to_id else None
        ending = closing.of_class(group=group, to=to, first=first, now=now)
        if request.POST.get("act") != "confirm":
            return ending, False
        closing.close_class(by=request.user, class_group_id=group.pk, to_id=to_id, first=first, now=now)
    except Refusal as refusal:
        form.add_error("last", refusal.message)
        return None, False
    moved = counted(len(ending.child_ids), "bambino", "bambini")
    messages.success(request, f"La classe {group.name} è chiusa: {moved} {f'in {to.name}' if to else 'senza classe'}.")
    return ending, True


def _here(group: ClassGroup) -> str:
    return reverse("office:class", args=[group.pk])
