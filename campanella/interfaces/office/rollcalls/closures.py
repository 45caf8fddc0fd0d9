"""The days without service: adding them, putting them right, taking back a mistake."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.models import Role
from campanella.domains.attendance import queries as attendance
from campanella.domains.schools import operations, queries
from campanella.domains.schools.models import Closure
from campanella.foundation.core import audit, clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.forms import day_field, reason_field
from campanella.interfaces.office.rollcalls.views import SECTION

A_YEAR = timedelta(days=366)
DAY = timedelta(days=1)
TOWN = "Tutto il Comune"


class DaysForm(forms.Form):
    """Days without service."""

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


class ClosureForm(DaysForm):
    """Days without service, and where."""

    where = forms.ChoiceField(label="Dove")
    field_order = ("where", "first", "last", "reason")


class ReopenForm(forms.Form):
    """Why a closure is taken back."""

    why = reason_field("Resta nel registro, con il tuo nome: per esempio, era il giorno sbagliato.")


@dataclass(frozen=True)
class Row:
    """One closure of the list."""

    pk: int
    reason: str
    where: str
    first: date
    last: date

    @classmethod
    def of(cls, closure: Closure) -> "Row":
        """Tell a closure."""
        return cls(closure.pk, closure.reason, _where(closure), closure.days.lower, closure.days.upper - DAY)


@staff(Role.OFFICE)
def closures(request: PersonRequest) -> HttpResponse:
    """Show the closures of the year and add one."""
    today = clock.today()
    schools = {f"s{school.pk}": school for school in queries.schools()}
    classes = {f"c{group.pk}": group for group in queries.all_classes(day=today).order_by("school__name", "name")}
    form = ClosureForm(request.POST or None, initial={"where": "town"})
    form.fields["where"].choices = [  # type: ignore[attr-defined]  # a choice field
        ("town", TOWN),
        *((key, school.name) for key, school in schools.items()),
        *((key, f"{group.name}, {group.school.name}") for key, group in classes.items()),
    ]
    if form.is_valid():
        data = form.cleaned_data
        try:
            closure = operations.close(
                by=request.user, first=data["first"], last=data["last"], reason=data["reason"], now=clock.now(),
                school=schools.get(data["where"]), class_group=classes.get(data["where"]),
            )  # fmt: skip
        except operations.AlreadyClosed as already:
            form.add_error(None, already.message)
        else:
            messages.success(request, "Chiusura aggiunta: in quei giorni non c’è appello e nessuno paga.")
            _warn_of_confirmed(request, closure)
            return HttpResponseRedirect(reverse("office:closures"))
    known = queries.closures_between(first=today - A_YEAR, last=today + A_YEAR)
    page = {"form": form, "closures": [Row.of(closure) for closure in reversed(known)]}
    return render(
        request,
        "office/rollcalls/closures.html",
        {**SECTION, **page, "acts": audit.acts_on(subjects=["closures"], limit=10)},
    )


@staff(Role.OFFICE)
def closure(request: PersonRequest, closure_id: int) -> HttpResponse:
    """Put the days and the words of a closure right."""
    found = queries.closure(closure_id=closure_id)
    row = Row.of(found)
    form = DaysForm(request.POST or None, initial={"first": row.first, "last": row.last, "reason": row.reason})
    if form.is_valid():
        operations.change_closure(by=request.user, closure_id=closure_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Chiusura cambiata: le famiglie la vedono già nel calendario.")
        _warn_of_confirmed(request, queries.closure(closure_id=closure_id))
        return HttpResponseRedirect(reverse("office:closures"))
    return _page(request, found, form=form, reopen=ReopenForm())


@staff(Role.OFFICE)
def reopen(request: PersonRequest, closure_id: int) -> HttpResponse:
    """Take a closure back, with the reason."""
    found = queries.closure(closure_id=closure_id)
    row = Row.of(found)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        operations.reopen(by=request.user, closure_id=closure_id, why=form.cleaned_data["why"], now=clock.now())
        messages.success(request, _after_reopening(row, clock.today()))
        return HttpResponseRedirect(reverse("office:closures"))
    kept = DaysForm(initial={"first": row.first, "last": row.last, "reason": row.reason})
    return _page(request, found, form=kept, reopen=form)


def _page(request: PersonRequest, found: Closure, *, form: DaysForm, reopen: ReopenForm) -> HttpResponse:
    page = {"closure": Row.of(found), "form": form, "reopen": reopen, "confirmed": _confirmed_in(found)}
    acts = audit.acts_on(subjects=[f"closure:{found.pk}"])
    return render(request, "office/rollcalls/closure.html", {**SECTION, **page, "acts": acts})


def _after_reopening(row: Row, today: date) -> str:
    if row.last < today:
        return "Chiusura tolta. Quei giorni sono passati: nessuno paga, finché non confermi gli appelli da Presenze."
    if row.first <= today:
        return "Chiusura tolta: l’appello di oggi si può fare. Dei giorni passati nessuno paga, finché non li confermi."
    return "Chiusura tolta: in quei giorni c’è l’appello, e paga chi è presente."


def _warn_of_confirmed(request: PersonRequest, closure: Closure) -> None:
    """Say that what is confirmed stays charged: a closure is no correction."""
    confirmed = _confirmed_in(closure)
    if confirmed:
        how_many = "Un appello è già confermato" if confirmed == 1 else f"{confirmed} appelli sono già confermati"
        messages.warning(
            request, f"{how_many} in quei giorni, e resta addebitato: correggi i bambini dall’appello o dalla loro scheda."
        )


def _confirmed_in(closure: Closure) -> int:
    return attendance.confirmed_between(
        first=closure.days.lower, last=closure.days.upper - DAY,
        school_id=closure.school_id, class_group_id=closure.class_group_id,
    )  # fmt: skip


def _where(closure: Closure) -> str:
    if closure.class_group:
        return f"{closure.class_group.name}, {closure.class_group.school.name}"
    return closure.school.name if closure.school else TOWN
