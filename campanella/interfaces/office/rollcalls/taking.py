"""Taking over a class register from a file: read and told first, line by line, then written."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import at_second, counted
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.rollcalls.forms import RegisterFileForm
from campanella.interfaces.office.rollcalls.views import SECTION
from campanella.readings.office import register_asked
from campanella.readings.office.register_asked import Asked
from campanella.usecases import class_register
from campanella.usecases.class_register import Taken
from campanella.usecases.importing import absences
from campanella.usecases.importing.absences import Read, Said
from campanella.usecases.importing.cells import Unreadable

A_YEAR = timedelta(days=366)
# The file was read and told; what was read comes back signed, for as long as one looks at a page.
SALT, FOR_SECONDS = "class-register", 3600
ANSWERS = {
    "cancel": "ha disdetto",
    "keep": "viene più tardi, il pasto resta",
    "undo": "ha annullato quanto aveva chiesto",
}
# Lines told on the page.
MOST_TOLD = 50


@staff(Role.OFFICE)
def take(request: PersonRequest) -> HttpResponse:
    """Ask for the file, tell what it says, and take it over."""
    if request.method == "POST" and request.POST.get("act") == "confirm":
        return _write(request)
    today = clock.today()
    form = RegisterFileForm(request.POST or None, request.FILES or None)
    offer(form, "service", [(one.pk, one.name) for one in services.services()])
    day = clock.read_day(request.GET.get("giorno", "")) or today
    asked = [] if request.method == "POST" else register_asked.asked(day=day)
    page: dict[str, Any] = {"form": form, "day": day, "asked": [(one, _answered(one)) for one in asked]}
    if form.is_valid():
        try:
            found = _read(form.cleaned_data["file"], today)
        except Unreadable as problem:
            form.add_error("file", problem.message)
        else:
            page |= _told(request, found, form.cleaned_data["service"], today)
    return render(request, "office/rollcalls/take.html", {**SECTION, **page})


def _answered(one: Asked) -> str:
    """Say what a family answered, when, and what holds."""
    if one.answered_at is None:
        return "non ha risposto" + (": vale il registro" if one.cut_off < clock.now() else " ancora")
    said = ANSWERS.get(one.action, "ha chiesto altro")
    refused = ", dopo la chiusura" if one.answered_at > one.cut_off else ", senza ottenerlo"
    holds = "" if one.counts else f"{refused}: vale il registro"
    return f"{said} alle {at_second(one.answered_at)} (n. {one.number}){holds}"


def _read(file: "UploadedFile[bytes]", today: date) -> Read:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registro"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        return absences.read(path=path, pupils_on=class_register.pupils_on, first=today - A_YEAR, last=today)


def _told(request: PersonRequest, found: Read, service_id: int, today: date) -> dict[str, Any]:
    service = next(one for one in services.services() if one.pk == service_id)
    odd = class_register.against(service=service, said=found.said, today=today)
    names = people.full_names(child_ids=sorted({one.child_id for one in odd[:MOST_TOLD]}))
    days = {one.day for one in found.said}
    packed = [(one.child_id, one.day.isoformat(), int(one.is_present)) for one in found.said]
    told = {"town": request.town.id, "service": service_id, "said": packed}
    return {
        "read": found,
        "absent": sum(1 for one in found.said if not one.is_present),
        "present": sum(1 for one in found.said if one.is_present),
        "children": len({one.child_id for one in found.said}),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "days": len(days),
        "wrong": found.wrong[:MOST_TOLD],
        "more": max(0, len(found.wrong) - MOST_TOLD),
        "odd": [(names[one.child_id], one) for one in odd[:MOST_TOLD]],
        "more_odd": max(0, len(odd) - MOST_TOLD),
        "signed": signing.dumps(told, salt=SALT, compress=True),
    }


def _write(request: PersonRequest) -> HttpResponse:
    try:
        told = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=FOR_SECONDS)
    except signing.BadSignature:
        messages.error(request, "È passato troppo tempo: scegli di nuovo il file.")
        return HttpResponseRedirect(reverse("office:take-register"))
    service = next((one for one in services.services() if one.pk == told["service"]), None)
    if service is None or told["town"] != request.town.id:
        raise NotFound
    said = [Said(child_id, date.fromisoformat(day), bool(there)) for child_id, day, there in told["said"]]
    messages.success(request, _done(class_register.take(by=request.user, service=service, said=said, now=clock.now())))
    return HttpResponseRedirect(reverse("office:take-register"))


def _done(taken: Taken) -> str:
    if not taken.marks:
        words = "Niente di nuovo: il registro diceva già così."
    else:
        words = f"Importati {counted(taken.marks, 'segno', 'segni')}."
    if taken.against:
        said = counted(taken.against, "segno non cambia", "segni non cambiano")
        words += f" {said} il giorno: chi era in classe ha detto altro, e vale quello."
    if taken.charges:
        words += f" {counted(taken.charges, 'addebito è cambiato', 'addebiti sono cambiati')}."
    if taken.confirmed:
        words += f" Nelle classi che seguono il registro risultano {counted(taken.confirmed, 'presente', 'presenti')}."
    if taken.unserved:
        one, many = (
            "riga lasciata fuori: quel giorno il servizio non c’è",
            "righe lasciate fuori: quel giorno il servizio non c’è",
        )
        words += f" {counted(taken.unserved, one, many)}."
    return words
