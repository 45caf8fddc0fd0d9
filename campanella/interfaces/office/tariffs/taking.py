"""Taking tariffs over, from a file or from the form: told first, with whom they concern; confirmed by a second press."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.services.tariff_files.nodes import FileRefused
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.tariffs.views import SECTION
from campanella.readings.office.tariff_moves import Moves
from campanella.usecases.tariffs import loading
from campanella.usecases.tariffs.judging import Planned

# What was read and told comes back signed, for as long as one looks at a page.
SALT, FOR_SECONDS = "tariffs", 3600
MOST_BYTES, MOST_TOLD = 2_000_000, 100


class FileForm(forms.Form):
    """A file of tariffs."""

    file = forms.FileField(
        label="Il file delle tariffe",
        help_text="YAML, com’è quello che si scarica da qui.",
        error_messages=dict.fromkeys(("required", "empty", "invalid", "missing"), "Scegli il file delle tariffe."),
    )

    def clean_file(self) -> str:
        """Return its text; :raises ValidationError: it is too large, or no text"""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("È più grande di 2 MB: un file di tariffe è di poche righe.")
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError("Non è un testo UTF-8: salvalo così, poi riprova.") from None
        return text


@staff(Role.OFFICE)
def take(request: PersonRequest) -> HttpResponse:
    """Ask for a file, tell what it would do, and keep it."""
    if request.method == "POST" and request.POST.get("act") == "confirm":
        return _keep(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return preview(request, look(form.cleaned_data["file"]))
        except FileRefused as refused:
            refuse(form, refused, "file")
    return render(request, "office/tariffs/load.html", {**SECTION, "form": form})


def refuse(form: forms.Form, refused: FileRefused, field: str | None) -> None:
    """Say every problem of a file, by line; of what a form says there is no line."""
    for problem in refused.problems[:MOST_TOLD]:
        form.add_error(field, str(problem) if field else problem.text)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a text of tariffs would do, and whom each of them concerns."""

    text: str
    planned: Sequence[Planned]
    concerned: Sequence[tuple[Planned, Moves]]

    @property
    def refusals(self) -> list[str]:
        """Why it is not kept, empty where it may be."""
        return [f"{one.refusal}." for one in self.planned if one.refusal]


def look(text: str) -> Seen:
    """
    Tell what a text of tariffs would do.

    :raises FileRefused: with every problem of the file by line
    """
    planned = loading.plan(text=text, today=clock.today())
    concerned = [] if any(one.refusal for one in planned) else loading.concerned(planned)
    return Seen(text, loading.answered(planned, concerned), concerned)


def preview(request: PersonRequest, seen: Seen) -> HttpResponse:
    """Show what a text of tariffs would do, to be confirmed where it may be kept."""
    is_refused = bool(seen.refusals)
    told = {"town": request.town.id, "text": seen.text, "told": loading.mark(seen.concerned)}
    by_code = {one.scheme.code: moved for one, moved in seen.concerned}
    page: dict[str, Any] = {
        "lines": [(one, by_code.get(one.scheme.code)) for one in seen.planned],
        "is_refused": is_refused,
        "is_new": any(one.state != "same" for one in seen.planned),
        "most": MOST_TOLD,
        "signed": "" if is_refused else signing.dumps(told, salt=SALT, compress=True),
    }
    return render(request, "office/tariffs/preview.html", {**SECTION, **page})


def _keep(request: PersonRequest) -> HttpResponse:
    try:
        said = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=FOR_SECONDS)
    except signing.BadSignature:
        messages.error(request, "È passato troppo tempo: guarda di nuovo che cosa cambia, poi conferma.")
        return HttpResponseRedirect(reverse("office:tariffs-load"))
    if said["town"] != request.town.id:
        raise NotFound
    try:
        planned = loading.load(by=request.user, text=said["text"], told=said["told"], now=clock.now())
    except loading.ChangedSinceShown as changed:
        messages.warning(request, changed.message)
        return preview(request, look(said["text"]))
    except Refusal as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("office:tariffs-load"))
    kept = sum(one.state != "same" for one in planned)
    words = f"Fatto: {counted(kept, 'tariffa caricata', 'tariffe caricate')}." if kept else "Era già tutto così."
    messages.success(request, words)
    return HttpResponseRedirect(reverse("office:tariffs"))
