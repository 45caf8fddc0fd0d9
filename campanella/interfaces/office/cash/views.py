"""The cash points of the town: which there are, who takes money there, how each day was counted."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.cash import operations, queries, settled
from campanella.domains.cash.choices import CashChoices
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.cash.forms import PointForm, SettleForm
from campanella.readings.office import cash as reading
from campanella.usecases.cash import points as work

SECTION = {"section": "payments"}
USUAL = timedelta(days=13)
LONGEST = timedelta(days=366)


@require_safe
@staff(Role.OFFICE)
def points(request: PersonRequest) -> HttpResponse:
    """List the cash points, how the last days were counted, and the last settlements."""
    first, last = days_asked(request)
    page = {
        "lines": reading.point_lines(today=clock.today()),
        "closes": settled.closes(first=first, last=last),
        "settlements": settled.settlements(limit=12),
        "first": first,
        "last": last,
        "is_on": request.town.chosen(CashChoices).cash_points,
    }
    return render(request, "office/cash/points.html", {**SECTION, **page})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Open a cash point."""
    form = PointForm(request.POST or None, initial={"kind": "pharmacy", "takes_cash": True})
    if form.is_valid():
        user_ids = form.cleaned_data.get("user_ids", [])
        made = work.add(by=request.user, data=form.point, user_ids=user_ids, now=clock.now())
        messages.success(request, f"Punto aperto: nelle ricevute è il numero {made.number}.")
        return to_point(made.pk)
    return render(request, "office/cash/new.html", {**SECTION, "form": form})


@staff(Role.OFFICE)
def point(request: PersonRequest, point_id: int) -> HttpResponse:
    """Show a cash point, and change it."""
    found = queries.point(point_id=point_id)
    known: dict[str, Any] = {
        "name": found.name,
        "address": found.address,
        "kind": found.kind,
        "takes_cash": found.takes_cash,
        "takes_card": found.takes_card,
        "user_ids": [one.user_id for one in queries.operators().get(point_id, [])],
    }
    form = PointForm(request.POST or None, initial=known)
    if form.is_valid():
        user_ids = form.cleaned_data.get("user_ids", [])
        work.change(by=request.user, point_id=point_id, data=form.point, user_ids=user_ids, now=clock.now())
        messages.success(request, "Salvato.")
        return to_point(point_id)
    return render(request, "office/cash/point.html", {**about(point_id), "form": form, "settle": SettleForm()})


@require_POST
@staff(Role.OFFICE)
def close(request: PersonRequest, point_id: int) -> HttpResponse:
    """Give a cash point up."""
    try:
        work.close(by=request.user, point_id=point_id, now=clock.now())
    except operations.TillOpen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Punto chiuso: da adesso lì non si incassa più. Le sue giornate restano.")
    return to_point(point_id)


@require_safe
@staff(Role.OFFICE)
def session(request: PersonRequest, session_id: int) -> HttpResponse:
    """Show a day of a cash point, receipt by receipt, and how it was counted."""
    found = queries.session(session_id=session_id)
    try:
        counted = settled.close_of(session_id=session_id)
    except NotFound:
        counted = None
    page = {
        "session": found,
        "close": counted,
        "taken": queries.taken(session_id=session_id),
        "lines": reading.for_whom(top_ups=queries.last_of(session_id=session_id, limit=1000)),
    }
    return render(request, "office/cash/session.html", {**SECTION, **page})


@require_safe
@staff(Role.OFFICE)
def taken_csv(request: PersonRequest) -> HttpResponse:
    """Give what was taken between two days as a sheet."""
    first, last = days_asked(request)
    rows = reading.taken_cells(first=first, last=last)
    content = sheets.csv_sheet(head=reading.TAKEN_HEAD, rows=rows)
    return as_download(content=content, name=f"casse-{first}-{last}.csv", content_type=sheets.CSV)


@require_safe
@staff(Role.OFFICE)
def days_csv(request: PersonRequest) -> HttpResponse:
    """Give how the days between two were counted as a sheet."""
    first, last = days_asked(request)
    rows = reading.day_cells(settled.closes(first=first, last=last))
    content = sheets.csv_sheet(head=reading.DAYS_HEAD, rows=rows)
    return as_download(content=content, name=f"giornate-{first}-{last}.csv", content_type=sheets.CSV)


def about(point_id: int) -> dict[str, Any]:
    """Return what the page of a point shows beside its forms."""
    today = clock.today()
    return {
        **SECTION,
        "point": queries.point(point_id=point_id),
        "open": queries.open_session(point_id=point_id),
        "closes": settled.closes(first=today - USUAL, last=today, point_id=point_id),
        "waiting": settled.unsettled(point_id=point_id, last=today),
        "settlements": settled.settlements(point_id=point_id, limit=12),
        "acts": audit.acts_on(subjects=[f"cash_point:{point_id}"]),
    }


def days_asked(request: PersonRequest) -> tuple[date, date]:
    """Return between which days one looks: a fortnight where nothing else is asked, a year at most."""
    last = clock.read_day(request.GET.get("al", "")) or clock.today()
    first = clock.read_day(request.GET.get("dal", "")) or last - USUAL
    return max(min(first, last), last - LONGEST), last


def to_point(point_id: int) -> HttpResponse:
    """Lead to the page of a point."""
    return HttpResponseRedirect(reverse("office:cash-point", args=[point_id]))
