"""A class's month in one grid: looked at, printed, taken along as a sheet; a day or a child of it is put right here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.attendance.rules import Mark
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import WEEKDAYS, counted, day_full, day_short, month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.foundation.documents.sheets import Cell as SheetCell
from campanella.foundation.documents.tables import PaperTable, table_pdf
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.rollcalls.forms import WhyManyForm
from campanella.interfaces.office.rollcalls.views import SECTION
from campanella.readings.class_sheet import ClassSheet, class_sheet_of
from campanella.readings.month import month_after
from campanella.readings.office import changes as changing
from campanella.readings.office.changes import DayChange, Plan
from campanella.readings.office.class_month import Cell, ClassMonth, class_month
from campanella.usecases import bulk_days, class_sheet

SIGNS = {
    "present": ("P", "presente"),
    "white": ("B", "presente, in bianco"),
    "late": ("R", "presente, arrivato dopo"),
    "absent": ("A", "assente"),
    "cancelled": ("D", "disdetto dalla famiglia"),
    "closed": ("C", "chiuso"),
    "awaited": ("·", "da confermare"),
    "nothing": ("", "non previsto"),
}
STATES = {"present": "Presente", "white": "In bianco", "absent": "Assente"}


@dataclass(frozen=True)
class Line:
    """A child of a day, or a day of a child, to be put right: its key in the form, what it is called and what it is now."""

    key: str
    label: str
    state: str
    told: str


@staff(Role.OFFICE)
@require_safe
def register(request: PersonRequest, class_group_id: int, code: str) -> HttpResponse:
    """Show the grid of a month: nine queries and those of the frame, whatever its size."""
    group, service = _place(class_group_id, code)
    first = _month(request)
    grid = class_month(class_group_id=group.pk, service_id=service.pk, month=first, today=clock.today())
    page = {
        "group": group,
        "service": service,
        "grid": grid,
        "month": month_name(first),
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": month_after(first),
        "head": [(day, WEEKDAYS[day.weekday()][:3]) for day in grid.days],
        "rows": [(row, [(cell, *SIGNS[cell.state]) for cell in row.cells]) for row in grid.rows],
        "signs": [SIGNS[state] for state in SIGNS if state != "nothing"],
        "services": services.services(),
        "classes": schools.all_classes(day=first).order_by("school__name", "name"),
    }
    return render(request, "office/rollcalls/register.html", {**SECTION, **page})


@staff(Role.OFFICE)
@require_safe
def register_of(request: PersonRequest) -> HttpResponse:
    """Open the grid of the class that was chosen, without a choice the first one that has a meal."""
    month = clock.read_day(f"{request.GET.get('mese', '')}-01") or clock.today()
    groups = list(schools.all_classes(day=clock.today()).order_by("school__name", "name"))
    asked = next((group for group in groups if group.pk == number(request.GET.get("classe", ""))), None)
    place = _first_place([asked] if asked else groups, request.GET.get("servizio", ""), month)
    if place is None:
        raise NotFound
    return HttpResponseRedirect(_address(*place, month))


def _first_place(groups: Sequence[ClassGroup], code: str, month: date) -> tuple[ClassGroup, Service] | None:
    """
    Return the first of these classes that has a service in a month, with it: the one that is asked for, else a meal.

    Without any it is the first class all the same: its grid says that there is nothing.
    """
    first = month.replace(day=1)
    last = month_after(first) - timedelta(days=1)
    calendars = services.calendars_of(school_ids=sorted({group.school_id for group in groups}), first=first, last=last)
    held = {(calendar.school_id, calendar.service_id) for calendar in calendars}
    offered = sorted(services.services(), key=lambda one: (one.code != code, one.kind != "meal"))
    places = ((group, one) for one in offered for group in groups)
    running = (place for place in places if (place[0].school_id, place[1].pk) in held)
    return next(running, None) or next(((group, one) for one in offered for group in groups), None)


@staff(Role.OFFICE)
@require_safe
def register_sheet(request: PersonRequest, class_group_id: int, code: str, kind: str) -> HttpResponse:
    """Give the same grid as XLSX, CSV or PDF."""
    group, service = _place(class_group_id, code)
    first = _month(request)
    grid = class_month(class_group_id=group.pk, service_id=service.pk, month=first, today=clock.today())
    head = ["Cognome e nome", "Presenze", "Assenze", "Addebitato", *(f"{day.day}" for day in grid.days)]
    name = f"registro-{group.pk}-{service.code}-{first:%Y-%m}.{kind}"
    if kind == "xlsx":
        content = sheets.xlsx_sheet(title="Registro", head=head, rows=_rows(grid))
        return as_download(content=content, name=name, content_type=sheets.XLSX)
    if kind == "csv":
        return as_download(content=sheets.csv_sheet(head=head, rows=_rows(grid)), name=name, content_type=sheets.CSV)
    if kind != "pdf":
        raise Http404
    paper = PaperTable(
        town_name=request.town.name,
        title=f"Registro di {group.name}",
        about=f"{group.school.name} · {service.name} · {month_name(first)}",
        columns=head,
        widths=[1, *(0 for _ in head[1:])],
        rows=[["" if cell is None else str(cell) for cell in row] for row in _rows(grid)],
        sum="; ".join(f"{sign} {words}" for sign, words in (SIGNS[state] for state in SIGNS if state != "nothing")) + ".",
        made_at=clock.now(),
        is_wide=True,
    )
    return as_paper(table_pdf(paper), filename=name)


@staff(Role.OFFICE)
def register_day(request: PersonRequest, class_group_id: int, code: str, day: str) -> HttpResponse:
    """Put a confirmed day of a class right, told first; one that is not confirmed is entered, as from paper."""
    group, service = _place(class_group_id, code)
    asked = clock.read_day(day)
    if asked is None or asked > clock.today():
        raise NotFound
    sheet = class_sheet_of(user=request.user, class_group_id=group.pk, service_code=code, day=asked)
    if sheet.closed_because:
        messages.info(request, f"Quel giorno è chiuso: {sheet.closed_because}.")
        return HttpResponseRedirect(_address(group, service, asked))
    names = sheet.register_names()
    # Who came to the class after its confirmation is in no roll-call yet: one at a time it is added to it.
    counted_in = [one for one in sheet.lines if not sheet.confirmed_at or one.is_present is not None]
    states = {one.child_id: ("white" if one.is_white else "present") if one.eats else "absent" for one in counted_in}
    lines = [Line(f"{child_id}", names[child_id], state, STATES[state]) for child_id, state in states.items()]
    about = {"title": f"{group.name}, {day_full(asked)}", "lines": lines, "group": group, "service": service, "day": asked}
    if not sheet.confirmed_at:
        if request.method == "POST":
            return _enter(request, sheet, lines)
        page = {**about, "lines": [(line, line.state) for line in lines], "states": STATES, "adults": sheet.adults}
        return render(request, "office/rollcalls/enter.html", {**SECTION, **page})
    keys = {line.key: (int(line.key), asked) for line in lines}
    newcomers = [(one.child_id, names[one.child_id]) for one in sheet.lines if one.child_id not in states]
    more = {"newcomers": newcomers, "back": _address(group, service, asked)}
    return _correct(request, group, service, keys, {**about, **more})


@staff(Role.OFFICE)
def register_child(request: PersonRequest, class_group_id: int, code: str, child_id: int) -> HttpResponse:
    """Put the confirmed days of a child in one month right, told first."""
    group, service = _place(class_group_id, code)
    first, name = _month(request), people.full_names(child_ids=[child_id]).get(child_id)
    if name is None:
        raise NotFound
    grid = class_month(class_group_id=group.pk, service_id=service.pk, month=first, today=clock.today())
    cells = next((row.cells for row in grid.rows if row.child.pk == child_id), ())
    lines = [Line(f"{cell.day}", day_full(cell.day), _state(cell), SIGNS[cell.state][1]) for cell in cells if cell.is_marked]
    keys = {line.key: (child_id, date.fromisoformat(line.key)) for line in lines}
    about = {
        "title": f"{name}, {month_name(first)}",
        "lines": lines,
        "group": group,
        "service": service,
    }
    return _correct(request, group, service, keys, {**about, "back": _address(group, service, first)})


def _correct(
    request: PersonRequest,
    group: ClassGroup,
    service: Service,
    keys: Mapping[str, tuple[int, date]],
    about: Mapping[str, Any],
) -> HttpResponse:
    """Tell what the states that were sent would change, and with how much money; do it once that was read."""
    sent = request.POST if request.method == "POST" else {}
    form = WhyManyForm(request.POST or None, ready=request.town.chosen(RollCallChoices).correction_reasons)
    chosen = {key: sent.get(f"s-{key}", "") for key in keys}
    changes = [
        DayChange(*keys[key], is_present=state != "absent", is_white=state == "white")
        for key, state in chosen.items()
        if state in STATES
    ]
    if any(name.startswith("s-") and name.removeprefix("s-") not in keys for name in sent):
        messages.warning(
            request, "Intanto l’elenco è cambiato, e qualcosa che hai scelto qui non si corregge più: rileggilo."
        )
        return HttpResponseRedirect(about["back"])
    plan = Plan(())
    if form.is_valid():
        plan = changing.plan(service_id=service.pk, changes=changes)
        if not plan.lines:
            if not plan.left_out:
                messages.info(request, "Non cambia niente: è già così.")
            for sentence in _left_out(plan):
                messages.warning(request, sentence)
            return HttpResponseRedirect(about["back"])
        if sent.get("act") == "confirm":
            try:
                done = bulk_days.correct(
                    by=request.user,
                    service=service,
                    changes=changes,
                    reason=form.cleaned_data["reason"],
                    now=clock.now(),
                    told=_signed(sent.get("told", "")),
                )
            except Refusal as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, _done(done))
                for sentence in _left_out(done):
                    messages.warning(request, sentence)
            return HttpResponseRedirect(about["back"])
    page = {
        "form": form,
        "plan": plan,
        "told": _told(plan),
        "left_out": _left_out(plan),
        "chosen": chosen,
        "lines": [(line, chosen[line.key] or line.state) for line in about["lines"]],
        "states": STATES,
    }
    return render(request, "office/rollcalls/correct_many.html", {**SECTION, **about, **page})


def _enter(request: PersonRequest, sheet: ClassSheet, lines: Sequence[Line]) -> HttpResponse:
    """Confirm a roll-call that was made on paper."""
    chosen = {int(line.key): request.POST.get(f"s-{line.key}", "") for line in lines}
    states = {
        child_id: Mark(is_present=state != "absent", is_white=state == "white")
        for child_id, state in chosen.items()
        if state in STATES
    }
    adults = number(request.POST.get("adults", ""))
    try:
        there = class_sheet.enter_from_paper(by=request.user, sheet=sheet, states=states, adults=adults, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Appello confermato: {counted(there, 'presente', 'presenti') or 'nessun presente'}.")
    return HttpResponseRedirect(_address(sheet.class_group, sheet.service, sheet.day))


def _signed(text: str) -> Euro:
    """Read an amount in cents, negative for what goes back."""
    cents = number(text.removeprefix("-")) or 0
    return Euro(-cents if text.startswith("-") else cents)


def _told(plan: Plan) -> str:
    if not plan.lines:
        return ""
    days, cents = len(plan.lines), plan.difference.cents
    said = f"{counted(days, 'presenza cambia', 'presenze cambiano')}"
    if cents < 0:
        return f"{said}: si restituiscono {Euro(-cents)}."
    return f"{said}: si addebitano {Euro(cents)}." if cents else f"{said}: il credito non cambia."


def _left_out(plan: Plan) -> list[str]:
    """Name what is asked for and cannot be done, and why."""
    names = people.full_names(child_ids=sorted({change.child_id for change in plan.left_out})) if plan.left_out else {}

    def of(changes: Sequence[DayChange]) -> str:
        return ", ".join(f"{names[change.child_id]} ({day_short(change.day)})" for change in changes)

    found = []
    if plan.unknown:
        found.append(f"Non c’è un appello confermato da correggere: {of(plan.unknown)}.")
    if plan.unpriced:
        found.append(f"Non si può segnare presente chi quel giorno non è iscritto, e non ha un prezzo: {of(plan.unpriced)}.")
    return found


def _done(plan: Plan) -> str:
    return f"Fatto. {_told(plan)} Chi paga riceve una e-mail con il motivo."


def _state(cell: Cell) -> str:
    return "white" if cell.state == "white" else "present" if cell.is_there else "absent"


def _rows(grid: ClassMonth) -> Iterator[list[SheetCell]]:
    for row in grid.rows:
        yield [row.name, row.there, row.absent, row.charged, *(SIGNS[cell.state][0] for cell in row.cells)]
    yield ["Presenti", grid.there, None, grid.charged, *grid.there_by_day]


def _place(class_group_id: int, code: str) -> tuple[ClassGroup, Service]:
    service = services.service(code=code)
    if service is None:
        raise NotFound
    return schools.class_group(class_group_id=class_group_id), service


def _month(request: PersonRequest) -> date:
    return (clock.read_day(f"{request.GET.get('mese', '')}-01") or clock.today()).replace(day=1)


def _address(group: ClassGroup, service: Service, day: date) -> str:
    return f"{reverse('office:register', args=[group.pk, service.code])}?mese={day:%Y-%m}"
