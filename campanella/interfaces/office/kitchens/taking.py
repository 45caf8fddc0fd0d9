"""Taking over a menu from a file: read and told first, line by line, then written."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import operations, queries, rules
from campanella.domains.cooking.models import Menu
from campanella.domains.enrolment import diet_codes
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import WEEKDAYS_NAMED
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.kitchens.menus import SECTION
from campanella.usecases.importing import menu as importing
from campanella.usecases.importing.cells import Unreadable
from campanella.usecases.importing.menu import MenuRead

# The file was read and told; what was read comes back signed, for as long as one looks at a page.
SALT, FOR_SECONDS = "menu", 3600
MOST_TOLD = 50


class MenuFileForm(forms.Form):
    """The file of a menu."""

    file = forms.FileField(
        label="File del menù",
        help_text=(
            "CSV, XLSX, XLS o ODS. Una riga per piatto: “Settimana”, “Giorno”, “Piatto”, “Allergeni” (numeri o nomi). "
            "Con una sigla in “Dieta” la riga dice che cosa mangia quella dieta al posto del piatto sopra, o “come tutti”; "
            "“tutte” vale per le diete che restano."
        ),
        error_messages={"required": "Scegli il file.", "empty": "Il file è vuoto."},
    )


@staff(Role.OFFICE)
def take(request: PersonRequest, menu_id: int) -> HttpResponse:
    """Ask for the file, tell what it says, and take it over: all of it, or none while a line is wrong."""
    menu = queries.menu(menu_id=menu_id)
    if request.method == "POST" and request.POST.get("act") == "confirm":
        return _write(request, menu)
    form = MenuFileForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form, "menu": menu, "allergens": rules.ALLERGENS.items()}
    if form.is_valid():
        try:
            found = _read(form.cleaned_data["file"], menu)
        except Unreadable as problem:
            form.add_error("file", problem.message)
        else:
            page |= _told(request, menu, found)
    return render(request, "office/kitchens/take_menu.html", {**SECTION, **page})


def _read(file: "UploadedFile[bytes]", menu: Menu) -> MenuRead:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "menu"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        codes = [one.code for one in diet_codes.codes()]
        return importing.read(path=path, weeks=menu.weeks, days=queries.days_of(menu_id=menu.pk), codes=codes)


def _told(request: PersonRequest, menu: Menu, found: MenuRead) -> dict[str, Any]:
    filled = {week for pk, week in queries.filled_weeks(menu_ids=[menu.pk]) if pk == menu.pk}
    packed = {week: [rules.packed(day) for day in days] for week, days in found.weeks.items()}
    told = {"town": request.town.id, "menu": menu.pk, "weeks": packed}
    return {
        "read": found,
        "weeks": [(week, list(zip(WEEKDAYS_NAMED, days, strict=False))) for week, days in sorted(found.weeks.items())],
        "replaced": sorted(filled & set(found.weeks)),
        "wrong": found.wrong[:MOST_TOLD],
        "more": max(0, len(found.wrong) - MOST_TOLD),
        "signed": signing.dumps(told, salt=SALT, compress=True) if found.weeks and not found.wrong else "",
    }


def _write(request: PersonRequest, menu: Menu) -> HttpResponse:
    try:
        told = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=FOR_SECONDS)
    except signing.BadSignature:
        messages.error(request, "È passato troppo tempo: scegli di nuovo il file.")
        return HttpResponseRedirect(reverse("office:take-menu", args=[menu.pk]))
    if told["town"] != request.town.id or told["menu"] != menu.pk:
        raise NotFound
    for week, days in told["weeks"].items():
        operations.write_week(
            by=request.user, menu=menu, week=int(week), days=[rules.unpacked(day) for day in days], now=clock.now()
        )
    many = len(told["weeks"])
    said = "1 settimana importata" if many == 1 else f"{many} settimane importate"
    messages.success(request, f"{said}: famiglie e cucina le leggono da adesso.")
    return HttpResponseRedirect(reverse("office:menus"))
