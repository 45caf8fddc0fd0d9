"""The classes day by day, and the days without service."""

from datetime import timedelta
from itertools import groupby

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.models import Role
from campanella.domains.schools import operations, queries
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.forms import day_field
from campanella.usecases import office_day

SECTION = {"section": "rollcalls"}
A_YEAR = timedelta(days=366)


@staff(Role.OFFICE)
def rollcalls(request: PersonRequest) -> HttpResponse:
    """Show the state of every class on one day."""
    today = clock.today()
    day = clock.read_day(request.GET.get("giorno", "")) or today
    classes = office_day.classes_on(day=day)
    page = {
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "schools": [(name, list(lines)) for name, lines in groupby(classes, key=lambda line: line.school_name)],
        "confirmed": sum(1 for line in classes if line.confirmed_at),
        "count": len(classes),
    }
    return render(request, "office/rollcalls/day.html", {**SECTION, **page})


class ClosureForm(forms.Form):
    """Days without service."""

    where = forms.ChoiceField(label="Dove")
    first = day_field("Dal")
    last = day_field("Al, compreso")
    reason = forms.CharField(
        label="Perché", max_length=120, help_text="Le famiglie lo leggono nel calendario, per esempio: Santo patrono.",
        error_messages={"required": "Scrivi perché, bastano due parole."},
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """:raises ValidationError: it ends before it begins, or lasts too long"""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError("L’ultimo giorno viene prima del primo."))
        if first and last and last - first > A_YEAR:
            self.add_error("last", ValidationError("Più di un anno è troppo: controlla le date."))
        return data


@staff(Role.OFFICE)
def closures(request: PersonRequest) -> HttpResponse:
    """Show the closures of the year and add one."""
    today = clock.today()
    schools = {f"s{school.pk}": school for school in queries.schools()}
    classes = {f"c{group.pk}": group for group in queries.all_classes(day=today).order_by("school__name", "name")}
    form = ClosureForm(request.POST or None, initial={"where": "town"})
    form.fields["where"].choices = [  # type: ignore[attr-defined]  # a choice field
        ("town", "Tutto il Comune"),
        *((key, school.name) for key, school in schools.items()),
        *((key, f"{group.name}, {group.school.name}") for key, group in classes.items()),
    ]
    if form.is_valid():
        data = form.cleaned_data
        operations.close(
            by=request.user, first=data["first"], last=data["last"], reason=data["reason"], now=clock.now(),
            school=schools.get(data["where"]), class_group=classes.get(data["where"]),
        )  # fmt: skip
        messages.success(request, "Chiusura aggiunta: in quei giorni non c’è appello e nessuno paga.")
        return HttpResponseRedirect(reverse("office:closures"))
    known = queries.closures_between(first=today - A_YEAR, last=today + A_YEAR)
    names = {"town": "Tutto il Comune", **{key: school.name for key, school in schools.items()}}
    names |= {key: f"{group.name}, {group.school.name}" for key, group in classes.items()}
    rows = [
        (
            closure,
            closure.days.upper - timedelta(days=1),
            names.get(_key(closure.school_id, closure.class_group_id), "Una classe"),
        )
        for closure in reversed(known)
    ]
    return render(request, "office/rollcalls/closures.html", {**SECTION, "form": form, "closures": rows})


def _key(school_id: int | None, class_group_id: int | None) -> str:
    if class_group_id:
        return f"c{class_group_id}"
    return f"s{school_id}" if school_id else "town"
