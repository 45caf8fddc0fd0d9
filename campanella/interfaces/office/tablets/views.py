"""The tablets of the schools: which there are, when they were last heard of, and the code that pairs a new one."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.devices import NotWaiting, Pairing
from campanella.domains.accounts.models import Device
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.rules import CLOCK_MAY_BE_OFF
from campanella.domains.schools import kept
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import School
from campanella.foundation.core import audit, clock
from campanella.foundation.core.italian import counted
from campanella.foundation.design.forms import offer
from campanella.foundation.documents.codes import qr_svg
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings.office import refused_marks
from campanella.readings.office import tablet_marks as reading
from campanella.usecases import tablets as work
from campanella.usecases.marks import refusing

SECTION = {"section": "tablets"}
MINUTE_MS = 60_000
MOST_SEEN = 500
REUSE = "riuso"


class NewTabletForm(forms.Form):
    """Which school gets a tablet, and what it is called."""

    school_id = forms.TypedChoiceField(
        label="Scuola",
        coerce=int,
        help_text="Il tablet mostra solo le classi di questa scuola.",
        error_messages={"required": "Scegli la scuola.", "invalid_choice": "Scegli la scuola."},
    )
    name = forms.CharField(
        label="Nome del tablet",
        required=False,
        max_length=60,
        help_text=(
            "Per esempio “Tablet 1”: scrivilo anche sulla custodia. Se lo lasci vuoto prende il nome della scuola, "
            "con un numero dal secondo in poi."
        ),
        error_messages={"max_length": "Scrivi un nome di 60 lettere al massimo."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(
            self, "school_id", [("", "Scegli"), *((school.pk, school.name) for school in kept.schools_on(day=clock.today()))]
        )

    def clean_name(self) -> str:
        """:raises ValidationError: another tablet is called so"""
        return free(self.cleaned_data["name"])


class NameForm(forms.Form):
    """Another name for a tablet."""

    name = forms.CharField(
        label="Nome del tablet",
        max_length=60,
        error_messages={"required": "Scrivi un nome.", "max_length": "Scrivi un nome di 60 lettere al massimo."},
    )

    def __init__(self, *args: Any, device_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.device_id = device_id

    def clean_name(self) -> str:
        """:raises ValidationError: another tablet is called so"""
        return free(self.cleaned_data["name"], but=self.device_id)


def free(name: str, *, but: int | None = None) -> str:
    """
    Return the name of a tablet that no other one has.

    :raises ValidationError: another tablet is called so: nobody could tell the two apart
    """
    if name and users.has_tablet_called(name, but=but):
        raise forms.ValidationError("Un altro tablet si chiama già così: scegli un nome diverso.")
    return name


@dataclass(frozen=True)
class Line:
    """A tablet of the list."""

    device: Device
    schools: list[School]

    @property
    def clock(self) -> str:
        """Say by how much its clock is off: "12 minuti avanti"; empty while it is about right."""
        ahead = self.device.clock_ahead_ms or 0
        if abs(ahead) <= CLOCK_MAY_BE_OFF.total_seconds() * 1000:
            return ""
        minutes = abs(ahead) // MINUTE_MS
        off = counted(minutes // 60, "ora", "ore") if minutes >= 120 else counted(minutes, "minuto", "minuti")
        return f"{off} {'avanti' if ahead > 0 else 'indietro'}"


@staff(Role.OFFICE)
def tablets(request: PersonRequest) -> HttpResponse:
    """List the tablets."""
    places = schools.schools_of_devices()
    lines = [Line(device, places.get(device.pk, [])) for device in users.devices()]
    page = {"lines": lines, "to_look_at": reading.count(now=clock.now())}
    return render(request, "office/tablets/list.html", {**SECTION, **page})


@staff(Role.OFFICE)
def marks(request: PersonRequest) -> HttpResponse:
    """Show what tablets said and what somebody must look at, with both authors."""
    now = clock.now()
    page = {
        "marks": reading.to_look_at(now=now),
        "refused": refused_marks.refused(now=now),
        "full_days": refused_marks.full_days(now=now),
    }
    return render(request, "office/tablets/marks.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def seen(request: PersonRequest) -> HttpResponse:
    """Note that these marks were looked at: they leave the list, and stay on record."""
    looked_at = [found for text in request.POST.getlist("segno")[:MOST_SEEN] if (found := _mark(text))]
    refusing.see(by=request.user, marks=looked_at, now=clock.now())
    if looked_at:
        messages.success(request, f"{counted(len(looked_at), 'segno visto', 'segni visti')}.")
    return HttpResponseRedirect(reverse("office:tablet-marks"))


@never_cache
@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Prepare a tablet and show the code that pairs it."""
    form = NewTabletForm(request.POST or None)
    if form.is_valid():
        return _code(request, work.prepare(by=request.user, now=clock.now(), **form.cleaned_data))
    return render(request, "office/tablets/new.html", {**SECTION, "form": form})


@staff(Role.OFFICE)
def tablet(request: PersonRequest, device_id: int) -> HttpResponse:
    """Show one tablet, and give it another name."""
    device = users.device(device_id=device_id)
    form = NameForm(request.POST or None, device_id=device_id, initial={"name": device.name})
    if form.is_valid():
        work.rename(by=request.user, device_id=device_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Nome salvato.")
        return _to_tablet(device_id)
    line = Line(device, schools.schools_of_device(device_id=device_id))
    page = {"form": form, "line": line, "acts": audit.acts_on(subjects=[f"device:{device_id}"])}
    return render(request, "office/tablets/tablet.html", {**SECTION, **page})


@never_cache
@require_POST
@staff(Role.OFFICE)
def code(request: PersonRequest, device_id: int) -> HttpResponse:
    """Show another code for a tablet that was not paired in time."""
    try:
        return _code(request, work.renew_code(by=request.user, device_id=device_id, now=clock.now()))
    except NotWaiting as refusal:
        messages.error(request, refusal.message)
        return _to_tablet(device_id)


@require_POST
@staff(Role.OFFICE)
def revoke(request: PersonRequest, device_id: int) -> HttpResponse:
    """Let a tablet in no more."""
    work.revoke(by=request.user, device_id=device_id, now=clock.now())
    messages.success(request, "Tablet revocato: al prossimo contatto cancella quello che ha in memoria.")
    return _to_tablet(device_id)


def _mark(text: str) -> tuple[UUID, bool] | None:
    """Read which mark a button means: its id, and whether it is what came under an id that was used."""
    name, _, rest = text.partition(" ")
    try:
        return UUID(name), rest == REUSE
    except ValueError:
        return None


def _code(request: PersonRequest, pairing: Pairing) -> HttpResponse:
    """Show a code once: only its hash is kept. It stands behind the #, which no browser sends and no log keeps."""
    link = f"{request.build_absolute_uri(reverse('rollcall:tablet'))}#{pairing.code}"
    page = {
        "device": pairing.device,
        "schools": schools.schools_of_device(device_id=pairing.device.pk),
        "expires_at": pairing.expires_at,
        "link": link,
        "code": pairing.code,
        "picture": f"data:image/svg+xml;base64,{b64encode(qr_svg(link)).decode()}",
    }
    return render(request, "office/tablets/code.html", {**SECTION, **page})


def _to_tablet(device_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:tablet", args=[device_id]))
