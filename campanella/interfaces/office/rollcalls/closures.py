"""The days without service: adding them, putting them right, taking back a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import operations, queries
from campanella.domains.schools.models import Closure
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.classes import A_YEAR, name_of
from campanella.interfaces.office.families.forms import day_field, reason_field
from campanella.interfaces.office.rollcalls.views import SECTION
from campanella.usecases import closing

DAY = timedelta(days=1)
TOWN = "Tutto il Comune"
MOST_WORDS = 120


def quiet_field() -> forms.BooleanField:
    """Return the choice to write to nobody, as for the calendar of a whole year."""
    return forms.BooleanField(
        label="Non scrivere alle famiglie",
        required=False,
        help_text="Se non lo scegli, ogni famiglia con un bambino in quei servizi riceve una e-mail, una sola.",
    )


class DaysForm(forms.Form):
    """Days without service."""

    first = day_field("Dal")
    last = day_field("Al, compreso")
    reason = forms.CharField(
        label="Perché",
        max_length=MOST_WORDS,
        help_text="Le famiglie lo leggono nel calendario, per esempio: Santo patrono.",
        error_messages={"required": "Scrivi perché, bastano due parole."},
    )

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
    """Days without service, where, and which; after a half-day some services are closed and the others go on."""

    where = forms.ChoiceField(label="Dove")
    what = forms.MultipleChoiceField(
        label="Che cosa si ferma",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nessuno scelto: tutti i servizi. Per una mezza giornata scegli quelli che saltano; gli altri restano.",
    )
    from_hour = forms.TimeField(
        label="Da che ora, se è mezza giornata",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Le famiglie la leggono accanto al perché, per esempio: Assemblea, dalle 13:00.",
        error_messages={"invalid": "Scrivi l’ora così: 13:00."},
    )
    quiet = quiet_field()
    field_order = ("where", "what", "from_hour", "first", "last", "reason", "quiet")

    def clean(self) -> dict[str, object]:
        """:raises ValidationError: a half-day of every service, or one that lasts for days"""
        data = super().clean()
        hour = data.get("from_hour")
        if isinstance(hour, time):
            if not data.get("what"):
                self.add_error("what", ValidationError("Di una mezza giornata scegli quali servizi saltano."))
            reason = f"{data.get('reason', '')}, dalle {hour:%-H:%M}"
            if len(reason) > MOST_WORDS:
                self.add_error("reason", ValidationError("Con l’ora è troppo lungo: bastano poche parole."))
            data["reason"] = reason
        return data


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
    def of(cls, closure: Closure, names: Mapping[int, str]) -> "Row":
        """
        Tell a closure.

        :param names: of the town's services
        """
        return cls(closure.pk, closure.reason, where(closure, names), closure.days.lower, closure.days.upper - DAY)

    @property
    def is_one_day(self) -> bool:
        """It lasts one day only."""
        return self.first == self.last


@staff(Role.OFFICE)
def closures(request: PersonRequest) -> HttpResponse:
    """Show the closures of the year and add one."""
    today = clock.today()
    schools = {f"s{school.pk}": school for school in queries.schools()}
    groups = queries.classes_at(school_ids=[one.pk for one in schools.values()], first=today, last=today + A_YEAR)
    classes = {f"c{group.pk}": group for group in groups}
    served = {str(service.pk): service for service in services.services()}
    form = ClosureForm(request.POST or None, initial={"where": "town"})
    offer(form, "what", [(key, service.name) for key, service in served.items()])
    offer(
        form,
        "where",
        [
            ("town", TOWN),
            *((key, school.name) for key, school in schools.items()),
            *((key, f"{name_of(group, today=today)}, {group.school.name}") for key, group in classes.items()),
        ],
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            closure = closing.enter(
                by=request.user,
                first=data["first"],
                last=data["last"],
                reason=data["reason"],
                now=clock.now(),
                school=schools.get(data["where"]),
                class_group=classes.get(data["where"]),
                only=[served[key] for key in data["what"]],
                tells=not data["quiet"],
            )
        except operations.AlreadyClosed as already:
            form.add_error(None, already.message)
        else:
            what = "per quei servizi " if data["what"] else ""
            messages.success(request, f"Chiusura aggiunta: {_in_days(data)} {what}non c’è appello e nessuno paga.")
            if _warn_of_charged(request, closure):
                return HttpResponseRedirect(reverse("office:closure", args=[closure.pk]))
            return HttpResponseRedirect(reverse("office:closures"))
    names = {service.pk: service.name for service in served.values()}
    known = queries.closures_between(first=today - A_YEAR, last=today + A_YEAR)
    page = {"form": form, "closures": [Row.of(closure, names) for closure in reversed(known)]}
    return render(
        request,
        "office/rollcalls/closures.html",
        {**SECTION, **page, "acts": audit.acts_on(subjects=["closures"], limit=10)},
    )


@staff(Role.OFFICE)
def closure(request: PersonRequest, closure_id: int) -> HttpResponse:
    """Put the days and the words of a closure right."""
    found = queries.closure(closure_id=closure_id)
    row = Row.of(found, _names())
    form = DaysForm(request.POST or None, initial={"first": row.first, "last": row.last, "reason": row.reason})
    if form.is_valid():
        try:
            again = closing.change(by=request.user, closure_id=closure_id, now=clock.now(), **form.cleaned_data)
        except operations.AlreadyClosed as already:
            form.add_error(None, already.message)
        else:
            words = "Chiusura cambiata: le famiglie la vedono già nel calendario, e chi ne sapeva riceve i giorni nuovi."
            messages.success(request, words + _charged_again(again))
            if _warn_of_charged(request, queries.closure(closure_id=closure_id)):
                return HttpResponseRedirect(reverse("office:closure", args=[closure_id]))
            return HttpResponseRedirect(reverse("office:closures"))
    return _page(request, found, form=form, reopen=ReopenForm())


@staff(Role.OFFICE)
def reopen(request: PersonRequest, closure_id: int) -> HttpResponse:
    """Take a closure back, with the reason."""
    found = queries.closure(closure_id=closure_id)
    row = Row.of(found, _names())
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        has_charged = bool(closing.called_in(found))
        why, now = form.cleaned_data["why"], clock.now()
        again = closing.withdraw(by=request.user, closure_id=closure_id, why=why, now=now)
        words = _after_reopening(row, clock.day_of(now), has_charged=has_charged)
        messages.success(request, words + _charged_again(again))
        return HttpResponseRedirect(reverse("office:closures"))
    kept = DaysForm(initial={"first": row.first, "last": row.last, "reason": row.reason})
    return _page(request, found, form=kept, reopen=form)


@require_POST
@staff(Role.OFFICE)
def give_back(request: PersonRequest, closure_id: int) -> HttpResponse:
    """Give back every charge of the days of a closure, in one act."""
    given = closing.give_back(by=request.user, closure_id=closure_id, now=clock.now())
    if given.children:
        who = "un bambino" if given.children == 1 else f"{given.children} bambini"
        messages.success(
            request,
            f"Restituiti {given.amount} a {who}: il credito è già giusto, e chi paga riceve una e-mail con il motivo.",
        )
    else:
        messages.info(request, "Non c’era più niente da restituire.")
    return HttpResponseRedirect(reverse("office:closure", args=[closure_id]))


def _page(request: PersonRequest, found: Closure, *, form: DaysForm, reopen: ReopenForm) -> HttpResponse:
    page = {
        "closure": Row.of(found, _names()),
        "form": form,
        "reopen": reopen,
        "there": len(closing.called_in(found)),
    }
    acts = audit.acts_on(subjects=[f"closure:{found.pk}"])
    return render(request, "office/rollcalls/closure.html", {**SECTION, **page, "acts": acts})


def _after_reopening(row: Row, today: date, *, has_charged: bool) -> str:
    called = " Chi era negli appelli già confermati resta come si legge lì." if has_charged else ""
    if row.last < today:
        return f"Chiusura tolta.{called} Per gli altri nessuno paga, finché non confermi gli appelli da Presenze."
    if row.first <= today:
        return (
            f"Chiusura tolta: l’appello di oggi si può fare.{called} "
            "Per gli altri appelli dei giorni passati nessuno paga, finché non li confermi."
        )
    return "Chiusura tolta: in quei giorni c’è l’appello, e paga chi è presente."


def _charged_again(again: int) -> str:
    if not again:
        return ""
    who = (
        "Una presenza che era restituita è di nuovo addebitata"
        if again == 1
        else (f"{again} presenze che erano restituite sono di nuovo addebitate")
    )
    return f" {who}, come dicono famiglie e scuola."


def _warn_of_charged(request: PersonRequest, closure: Closure) -> bool:
    """Say that what is charged stays so until it is given back, and tell whether there is such a thing."""
    charged = len(closing.called_in(closure))
    if charged:
        how_many = "Una presenza è già addebitata" if charged == 1 else f"{charged} presenze sono già addebitate"
        messages.warning(request, f"{how_many}: qui puoi restituire tutto in una volta.")
    return charged > 0


def _in_days(data: dict[str, Any]) -> str:
    return "quel giorno" if data["first"] == data["last"] else "in quei giorni"


def _names() -> dict[int, str]:
    return {service.pk: service.name for service in services.services()}


def where(closure: Closure, names: Mapping[int, str]) -> str:
    """
    Say where a closure is, and of which services.

    :param names: of the town's services, in its order
    """
    only = [name for pk, name in names.items() if pk in (closure.service_ids or ())]
    what = f", solo {', '.join(only)}" if only else ""
    if closure.class_group:
        return f"{closure.class_group.name}, {closure.class_group.school.name}{what}"
    return f"{closure.school.name if closure.school else TOWN}{what}"
