"""What the columns of the former software's files hold: seen, changed, forgotten, and tried on a file."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.domains.people import mapped
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.usecases.importing import mapping, trying
from campanella.usecases.importing.cells import Unreadable
from campanella.usecases.importing.columns import FIELDS, header_of
from campanella.usecases.importing.table import Source
from campanella.usecases.importing.trying import Tried

SECTION = {"section": "settings"}
MOST_BYTES, MOST_TOLD, MOST_COLUMNS = 10_000_000, 50, 200
LEFT_OUT = "-"
HOLDS = [(LEFT_OUT, "Non si importa"), *((field, header_of(field)) for field in FIELDS)]


class ColumnForm(forms.Form):
    """What one column holds."""

    header = forms.CharField(
        label="Intestazione",
        max_length=mapping.LONGEST,
        help_text="Come è scritta nel file, per esempio Cod. ass.",
        error_messages={"required": "Scrivi l’intestazione della colonna."},
    )
    column = forms.ChoiceField(
        label="Che cosa c’è dentro",
        choices=[("", "Scegli"), *HOLDS],
        error_messages={"required": "Scegli che cosa c’è nella colonna."},
    )


class TrialForm(forms.Form):
    """A file of the former software."""

    file = forms.FileField(
        label="File da provare",
        help_text="CSV, XLSX, XLS o ODS, al massimo 10 MB. Si legge soltanto: non si importa niente, e non si tiene.",
        error_messages={"required": "Scegli il file.", "empty": "Il file è vuoto."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """:raises ValidationError: the file is too large to be tried on a page"""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError("Il file è più grande di 10 MB: provane una parte, bastano le prime righe.")
        return file


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def said(request: PersonRequest) -> HttpResponse:
    """Show what was said of the columns; say it of one more, say it anew, or forget it."""
    if request.POST.get("fai") == "togli":
        return _forget(request)
    form = ColumnForm(request.POST or None)
    if form.is_valid():
        header = form.cleaned_data["header"]
        try:
            _say(request, header, form.cleaned_data["column"])
        except Refusal as refusal:
            form.add_error("header", refusal.message)
        else:
            messages.success(request, f"Colonna «{header}»: scritto, vale per ogni file da adesso.")
            return HttpResponseRedirect(reverse("office:import-columns"))
    known = [(one, one.field or LEFT_OUT) for one in mapped.headers()]
    return render(request, "office/settings/columns.html", {**SECTION, "form": form, "known": known, "holds": HOLDS})


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: PersonRequest) -> HttpResponse:
    """Read a file and tell what each of its columns holds; what is chosen for them is kept."""
    if request.POST.get("fai") == "salva":
        return _keep(request)
    form = TrialForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form, "holds": HOLDS}
    if form.is_valid():
        try:
            page |= _told(_tried(form.cleaned_data["file"]))
        except Unreadable as refused:
            form.add_error("file", refused.message)
    return render(request, "office/settings/trial.html", {**SECTION, **page})


def _forget(request: PersonRequest) -> HttpResponse:
    header = request.POST.get("header", "")
    try:
        mapping.forget(by=request.user, header=header, now=clock.now())
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Colonna «{header}»: dimenticata.")
    return HttpResponseRedirect(reverse("office:import-columns"))


def _tried(file: "UploadedFile[bytes]") -> Tried:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prova"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        return trying.try_file(source=Source(path, said=mapped.fields()), today=clock.today())


def _told(found: Tried) -> dict[str, Any]:
    problems = sorted(found.problems, key=lambda one: one.line)
    values = [(one, LEFT_OUT if one.field == "" else one.field or "") for one in found.columns[:MOST_COLUMNS]]
    return {
        "tried": found,
        "columns": values,
        "problems": problems[:MOST_TOLD],
        "more": max(0, len(problems) - MOST_TOLD),
    }


def _keep(request: PersonRequest) -> HttpResponse:
    """Say what was chosen otherwise than the file was read, and ask for the file again."""
    done = 0
    for header, column in _chosen(request.POST):
        try:
            _say(request, header, column)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
        else:
            done += 1
    if done:
        messages.success(request, f"{counted(done, 'colonna ricordata', 'colonne ricordate')}: prova di nuovo il file.")
    else:
        messages.info(request, "Non hai cambiato nessuna colonna.")
    return HttpResponseRedirect(reverse("office:import-trial"))


def _chosen(sent: QueryDict) -> Iterator[tuple[str, str]]:
    for place in range(MOST_COLUMNS):
        column = sent.get(f"colonna-{place}", "")
        if column and column != sent.get(f"era-{place}", ""):
            yield sent.get(f"intestazione-{place}", ""), column


def _say(request: PersonRequest, header: str, column: str) -> None:
    what = "" if column == LEFT_OUT else header_of(column) if column in FIELDS else column
    mapping.say(by=request.user, header=header, column=what, now=clock.now())
