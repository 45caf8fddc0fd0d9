"""The services of the town: a new one, what it is called, and where it begins."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import kept
from campanella.domains.services import providing
from campanella.domains.services import queries as services
from campanella.domains.services.models import KINDS, Service
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.calendar.forms import SeasonForm
from campanella.interfaces.office.classes import A_YEAR
from campanella.interfaces.office.schools.forms import name_field
from campanella.interfaces.office.schools.views import SECTION
from campanella.readings import ways
from campanella.usecases.setting_up import services as setting_up


class NewServiceForm(forms.Form):
    """A service of a kind."""

    kind = forms.ChoiceField(label="Che cos’è", choices=[(kind, words.capitalize()) for kind, words in KINDS])
    name = name_field("Nome", most=60, help_text="Come lo leggono le famiglie, per esempio: Refezione.")
    code = forms.SlugField(
        label="Codice",
        max_length=20,
        required=False,
        help_text="Con questo lo trovano i file e le tariffe. Vuoto: lo ricaviamo dal nome.",
        error_messages={
            "invalid": "Solo lettere, numeri e trattini, senza spazi.",
            "max_length": "È troppo lungo: al massimo 20 caratteri.",
        },
    )


class ServiceForm(forms.Form):
    """What a service is called."""

    name = name_field("Nome", most=60)
    unit = name_field("Una volta si chiama", most=20, help_text="Per esempio: pasto, corsa, giorno.")
    units = name_field("Più volte", most=20, help_text="Per esempio: pasti, corse, giorni.")
    taxonomy = name_field(
        "Tassonomia pagoPA", most=20, help_text="Vale per gli avvisi che si fanno da adesso; quella usuale c’è già."
    )


class BeginForm(SeasonForm):
    """Where a service begins, and from when to when."""

    school_ids = forms.TypedMultipleChoiceField(
        label="In quali scuole",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno una scuola."},
    )
    field_order = ("school_ids", "first", "last", "weekdays")

    def clean_first(self) -> Any:
        """:raises ValidationError: the day is over"""
        first = self.cleaned_data["first"]
        if first < self.today:
            raise ValidationError(setting_up.InThePast.message)
        return first


@staff(Role.OFFICE)
def new_service(request: PersonRequest) -> HttpResponse:
    """Add a service."""
    form = NewServiceForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        new = providing.NewService(data["code"], data["name"], data["kind"])
        try:
            service = setting_up.add(by=request.user, new=new, now=clock.now())
        except providing.ServiceNameTaken as refusal:
            form.add_error("name", refusal.message)
        except providing.ServiceCodeTaken as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, f"{service.name} aggiunto. Adesso scegli in quali scuole comincia.")
            return _to_service(service.pk)
    return render(request, "office/schools/service_new.html", {**SECTION, "form": form})


@staff(Role.OFFICE)
def service(request: PersonRequest, service_id: int) -> HttpResponse:
    """Show a service, call it otherwise, or let it begin in some schools: told first, then done."""
    found = _found(service_id)
    today = clock.today()
    running = services.calendars_between(service_id=service_id, first=today, last=today + A_YEAR)
    by_school: dict[int, list[str]] = {}
    for one in sorted(running, key=lambda row: row.days.lower):
        words = ways.season(first=one.days.lower, last=one.days.upper - setting_up.A_DAY, weekdays=one.weekdays)
        by_school.setdefault(one.school_id, []).append(words)
    places = kept.schools_on(day=today)
    sent = {request.POST.get("form"): request.POST} if request.method == "POST" else {}
    known = {what: getattr(found, what) for what in ("name", "unit", "units", "taxonomy")}
    words_form = ServiceForm(sent.get("words"), initial=known, prefix="words")
    begin = BeginForm(sent.get("begin"), today=today, initial={"weekdays": 0b11111}, prefix="begin")
    offer(begin, "school_ids", [(one.pk, one.name) for one in places if one.pk not in by_school])
    asked = None
    if words_form.is_valid() and _changed(request, found, words_form):
        return _to_service(service_id)
    if begin.is_valid():
        asked = _asked(request, found, begin)
        if asked and request.POST.get("act") == "confirm":
            messages.success(request, asked)
            return _to_service(service_id)
    page = {
        "service": found,
        "words": words_form,
        "begin": begin,
        "asked": asked,
        "places": [(one, by_school[one.pk]) for one in places if one.pk in by_school],
        "has_more": any(one.pk not in by_school for one in places),
        "has_prices": any(one.tariff.service_id == service_id for one in services.prices_from(day=today)),
        "acts": audit.acts_on(subjects=[f"service:{found.code}"], limit=10),
    }
    return render(request, "office/schools/service.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def service_up(request: PersonRequest, service_id: int) -> HttpResponse:
    """Let a service stand one place further up."""
    setting_up.move_up(by=request.user, service_id=_found(service_id).pk, now=clock.now())
    return HttpResponseRedirect(reverse("office:schools"))


def _changed(request: PersonRequest, found: Service, form: ServiceForm) -> bool:
    try:
        setting_up.change(by=request.user, service_id=found.pk, now=clock.now(), **form.cleaned_data)
    except providing.ServiceNameTaken as refusal:
        form.add_error("name", refusal.message)
    except providing.NoTaxonomy as refusal:
        form.add_error("taxonomy", refusal.message)
    else:
        messages.success(request, "Salvato.")
        return True
    return False


def _asked(request: PersonRequest, found: Service, form: BeginForm) -> str | None:
    """Tell a beginning that may be; done where it was confirmed."""
    data, now = dict(form.cleaned_data), clock.now()
    span = {name: data[name] for name in ("first", "last")}
    where = {"service_id": found.pk, "school_ids": data["school_ids"]}
    try:
        setting_up.check_beginning(**where, **span, now=now)
        if request.POST.get("act") == "confirm":
            setting_up.begin(by=request.user, **where, **span, weekdays=data["weekdays"], now=now)
    except Refusal as refusal:
        form.add_error("first", refusal.message)
        return None
    said = counted(len(data["school_ids"]), "scuola", "scuole")
    return f"{found.name} in {said}: {ways.season(**span, weekdays=data['weekdays'])}"


def _found(service_id: int) -> Service:
    found = next((one for one in services.services() if one.pk == service_id), None)
    if found is None:
        raise NotFound
    return found


def _to_service(service_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:service", args=[service_id]))
