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
from campanella.foundation.core.italian import at_second, counted, day_figures
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.rollcalls.forms import RegisterFileForm
from campanella.interfaces.office.rollcalls.views import SECTION
from campanella.readings.office import register_asked
from campanella.readings.office.register_asked import Asked
from campanella.usecases import class_register, register_foretold
from campanella.usecases.class_register import Taken
from campanella.usecases.importing import absences
from campanella.usecases.importing.absences import Doubt, Read, Said
from campanella.usecases.importing.cells import Unreadable
from campanella.usecases.register_foretold import Becomes

A_YEAR = timedelta(days=366)
# The file was read and told; what was read comes back signed, for as long as one looks at a page.
SALT, FOR_SECONDS = "class-register", 3600
ANSWERS = {
    "cancel": "ha disdetto",
    "keep": "viene più tardi, il pasto resta",
    "undo": "ha annullato quanto aveva chiesto",
}
# What becomes of a line, in words, and summed over all of them.
BECOMES: dict[Becomes, str] = {
    "asked": "si chiede alla famiglia se disdire il pasto; senza risposta, alla chiusura vale il registro",
    "free": "non si paga; se era addebitato, torna",
    "due": "resta da pagare: la famiglia non l’ha disdetto",
    "present": "presente: si paga",
    "waits": "scritto accanto all’appello: vale quando la classe viene confermata, se nessuno dice altro",
    "cut_off": "vale alla chiusura, se nessuno dice altro",
    "against": "non cambia il giorno: chi era in classe ha detto altro",
    "known": "già importato: non cambia niente",
    "unserved": "lasciato fuori: quel giorno il servizio non c’è",
    "unenrolled": "non iscritto a questo servizio: non cambia niente",
}
SUMS: dict[Becomes, str] = {
    "asked": "Si chiede alla famiglia se disdire il pasto",
    "free": "Assenti che non pagano",
    "due": "Assenti che pagano, perché non disdetti",
    "present": "Presenti",
    "waits": "In attesa della conferma della classe",
    "cut_off": "In attesa della chiusura",
    "against": "Senza effetto: chi era in classe ha detto altro",
    "known": "Già importati",
    "unserved": "Lasciati fuori: il servizio non c’è",
    "unenrolled": "Non iscritti al servizio",
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
    now = clock.now()
    becomes = register_foretold.foretold(service=service, said=found.said, now=now)
    odd = [one for one, what in becomes.items() if what == "against"]
    names = people.full_names(child_ids=sorted({one.child_id for one in odd[:MOST_TOLD]}))
    days = {one.day for one in found.said} | {one.day for one in found.doubts}
    packed = [(one.child_id, one.day.isoformat(), int(one.is_present)) for one in found.said]
    doubts = [
        (one.number, one.day.isoformat(), int(one.is_present), [pupil.child_id for pupil in one.pupils])
        for one in found.doubts
    ]
    told = {"town": request.town.id, "service": service_id, "said": packed, "doubts": doubts}
    lines = sorted(found.lines, key=lambda one: one.number)
    return {
        "service_name": service.name,
        "lines": [(one, BECOMES[becomes[one.said]]) for one in lines[:MOST_TOLD]],
        "more_lines": max(0, len(lines) - MOST_TOLD),
        "sums": [(SUMS[what], count) for what in SUMS if (count := sum(1 for one in becomes.values() if one == what))],
        "doubts": [(one, _labels(one)) for one in found.doubts],
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


def _labels(doubt: Doubt) -> list[tuple[int, str]]:
    """Write who each of the children is of whom a line may speak: the class, and the day of birth where that is one too."""
    places = [f"{one.class_name}, {one.school_name}" for one in doubt.pupils]
    children = people.children(child_ids=[one.child_id for one in doubt.pupils])
    labels = []
    for one, place in zip(doubt.pupils, places, strict=True):
        born = children[one.child_id].birth_date if places.count(place) > 1 else None
        more = f", data di nascita {day_figures(born)}" if born else ""
        labels.append((one.child_id, f"{one.family_name} {one.given_name}, {place}{more}"))
    return labels


def _write(request: PersonRequest) -> HttpResponse:
    try:
        told = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=FOR_SECONDS)
    except signing.BadSignature:
        messages.error(request, "È passato troppo tempo: scegli di nuovo il file.")
        return HttpResponseRedirect(reverse("office:take-register"))
    service = next((one for one in services.services() if one.pk == told["service"]), None)
    if service is None or told["town"] != request.town.id:
        raise NotFound
    said = {(child_id, day): bool(there) for child_id, day, there in told["said"]}
    for number, day, there, child_ids in told["doubts"]:
        chosen = request.POST.get(f"chi-{number}", "")
        if chosen not in {str(pk) for pk in child_ids}:
            continue
        if said.setdefault((int(chosen), day), bool(there)) != bool(there):
            messages.error(
                request, f"Riga {number}: di questo bambino un’altra riga dice altro. Non è stato importato nulla."
            )
            return HttpResponseRedirect(reverse("office:take-register"))
    every = [Said(child_id, date.fromisoformat(day), there) for (child_id, day), there in said.items()]
    messages.success(request, _done(class_register.take(by=request.user, service=service, said=every, now=clock.now())))
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
