"""
The roll-call in class: the list of classes, the sheet of one, the tap.

A sheet is a form that says everything by itself; with JavaScript each tap is also sent at once (``mark``), so that the
kitchen sees it. See the README of this folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import terms
from campanella.domains.attendance.operations import AlreadyConfirmed, ClosedMeanwhile, NotOnTheSheet, SettledElsewhere
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import at_time
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.rollcall import listing, looking
from campanella.interfaces.rollcall.forms import Sent, Tap
from campanella.interfaces.rollcall.listing import Listing
from campanella.interfaces.rollcall.looking import Pick
from campanella.interfaces.rollcall.words import cancelled_words, words_for
from campanella.readings.class_sheet import ClassSheet, NotServed, class_sheet_of
from campanella.readings.kitchen import brought
from campanella.usecases import class_sheet

door = staff(Role.SCHOOL, Role.OFFICE)


class AnotherDay(Refusal):
    """The page is of a day that this person may not write."""

    message = "La pagina era di un altro giorno, che cambia solo l’ufficio: ecco l’appello di oggi."


@dataclass(frozen=True)
class Tile:
    """One child of the sheet, as its tile shows it."""

    child_id: int
    name: str
    eats: bool
    is_white: bool
    is_late: bool
    diet: str
    is_known: bool
    is_booked: bool
    is_packed: bool
    # What is said of it while it is not there and its family has cancelled the day.
    cancelled: str = ""
    # When it went home, and came in.
    left: str = ""
    arrived: str = ""

    @property
    def away(self) -> str:
        """What is said of it while it is not there."""
        return self.cancelled or (f"via dalle {self.left}" if self.left else "assente")


@require_safe
@door
def classes(request: PersonRequest) -> HttpResponse:
    """List my classes of a day, and how far each is."""
    now, day = clock.now(), looking.day_looked_at(request)
    found = listing.of(user=request.user, day=day, service_code=request.GET.get("servizio", ""))
    page = found.folded(open_id=number(request.GET.get("scuola", "")))
    is_today = day == clock.day_of(now)
    closes_at = page.in_time(now).closes_at if is_today else None
    more = {"servizio": found.service.code} if found.service else {}
    address = reverse("rollcall:classes")
    about = {
        "page": page,
        "is_today": is_today,
        "is_past": day < clock.day_of(now),
        "days": looking.picks(weekdays=_any(found), shown=day, address=address, **more),
        "late": page.too_late(now) if is_today else None,
        "closes_at": closes_at,
        "seconds_left": int((closes_at - now).total_seconds()) if closes_at else 0,
    }
    return render(request, "rollcall/classes.html", about)


def _any(found: Listing) -> int:
    """Return on which weekdays the service of a list runs in any of its schools; without one, anything in the town."""
    return reduce(or_, found.weekdays.values(), 0) or services.weekdays_around(day=found.day)


@require_http_methods(["GET", "HEAD", "POST"])
@door
def sheet(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Show the sheet of a class; a POST keeps or confirms what the page says."""
    try:
        day = day_asked(request) if request.method == "POST" else looking.day_looked_at(request)
    except AnotherDay as another:
        return today_instead(request, class_id, service, another)
    is_today = day == clock.today()
    try:
        found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    except NotServed:
        group = schools.class_for(user=request.user, class_group_id=class_id)
        bits = services.weekdays_at(school_id=group.school_id, day=day)
        days = looking.of_class(class_id=class_id, service=service, weekdays=bits, shown=day)
        return render(request, "rollcall/not_served.html", {"group": group, "day": day, "is_today": is_today, "days": days})
    if request.method == "POST":
        return _keep(request, found)
    if found.confirmed_at and looking.may_write(request, day):
        return _confirmed(request, found)
    bits = services.weekdays_at(school_id=found.class_group.school_id, service_id=found.service.pk, day=day)
    days = looking.of_class(class_id=class_id, service=service, weekdays=bits, shown=day)
    if found.closed_because or not found.lines:
        page = {"sheet": found, "group": found.class_group, "is_today": is_today, "days": days}
        return render(request, "rollcall/nobody.html", page)
    if not looking.may_write(request, day):
        return looking.look(request, found, {**_page(found), "days": days})
    return _open(request, found, days)


@require_POST
@door
def mark(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Take one tap and answer with nothing: 204, or 409 with the sentence when the page must be loaded again."""
    sent = Tap.read(request.POST)
    if sent is None:
        return HttpResponse("Segno non capito.", status=400, content_type="text/plain; charset=utf-8")
    try:
        _take(request, class_id, service, sent)
    except NotFound:
        raise
    except Refusal as refused:
        # The page loads itself again, and says why.
        messages.warning(request, refused.message)
        return HttpResponse(refused.message, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def _take(request: PersonRequest, class_id: int, service: str, sent: Tap) -> None:
    """Write one tap."""
    day = day_asked(request)
    if sent.child_id is None:
        class_sheet.count_adults(
            by=request.user,
            class_group_id=class_id,
            service_code=service,
            day=day,
            adults=sent.adults,
            now=clock.now(),
        )
    else:
        class_sheet.tap(
            by=request.user,
            class_group_id=class_id,
            service_code=service,
            day=day,
            child_id=sent.child_id,
            mark=sent.mark,
            now=clock.now(),
        )


def day_asked(request: PersonRequest) -> date:
    """
    Return the day of a page: today, or for the office a past day (``?giorno=2026-10-12``).

    :raises AnotherDay: a page sends another day, such as one left open overnight
    """
    today = clock.today()
    sent = request.POST.get("day")
    asked = clock.read_day(sent if sent is not None else request.GET.get("giorno", ""))
    if asked and looking.may_write(request, asked):
        return asked
    if sent is not None or (asked and asked < today):
        raise AnotherDay
    return today


def today_instead(request: PersonRequest, class_id: int, service: str, another: AnotherDay) -> HttpResponse:
    """Lead a page that was left open overnight to the roll-call of today, and say so: nothing of it is written."""
    messages.warning(request, another.message)
    return HttpResponseRedirect(reverse("rollcall:sheet", args=[class_id, service]))


def address_of(found: ClassSheet) -> str:
    """Return the address of a sheet; a past day stays in it."""
    address = reverse("rollcall:sheet", args=[found.class_group.pk, found.service.code])
    return address if found.day == clock.today() else f"{address}?giorno={found.day.isoformat()}"


def _keep(request: PersonRequest, found: ClassSheet) -> HttpResponse:
    sent = Sent.read(request.POST)
    if found.closed_because or not found.lines or found.confirmed_at:
        return HttpResponseRedirect(address_of(found))
    if sent.act == "all":
        sent = replace(sent, changes=_everybody_back(found, sent.changes))
    keep = class_sheet.confirm if sent.act == "confirm" else class_sheet.save
    try:
        keep(by=request.user, sheet=found, changes=sent.changes, adults=sent.adults, now=clock.now())
    except AlreadyConfirmed:
        # Two taps on the button, or a colleague a second before: the confirmed page says who and when.
        pass
    except (ClosedMeanwhile, NotOnTheSheet, SettledElsewhere, class_sheet.TooManyAdults) as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(address_of(found))


def _everybody_back(found: ClassSheet, changes: Mapping[int, Mark]) -> dict[int, Mark]:
    """
    Return what *Tutti presenti* changes: the absences of this morning, on the sheet or on the page only.

    Who eats by no booking, cancelled by its family above all, is there by a tap of its own.
    """
    booked = {line.child_id for line in found.lines if line.is_booked}
    back = {line.child_id: Mark(is_present=True) for line in found.lines if line.is_taken_out}
    return back | {child: mark for child, mark in changes.items() if mark.is_present or child not in booked}


def _open(request: PersonRequest, found: ClassSheet, days: list[Pick]) -> HttpResponse:
    return render(request, "rollcall/sheet.html", {**_page(found), **_closing(found), "days": days})


def _confirmed(request: PersonRequest, found: ClassSheet) -> HttpResponse:
    beside = listing.of(user=request.user, day=found.day, service_code=found.service.code)
    school = beside.school_of(found.class_group.pk)
    closing = _closing(found, school.closes_at if school else None)
    frozen = None
    if words_for(found.service.kind).is_meal:
        frozen = brought.to_class(class_group_id=found.class_group.pk, service_id=found.service.pk, day=found.day)
    about = {
        "days": looking.of_class(
            class_id=found.class_group.pk,
            service=found.service.code,
            weekdays=beside.weekdays.get(found.class_group.school_id, 0),
            shown=found.day,
        ),
        "brought": frozen if frozen and frozen.meals != found.present + found.adults else None,
        "confirmed_by": found.confirmed_by(),
        "is_late": found.is_confirmed_after(closing["closes_at"]),
        "next_class": school.next_after(found.class_group.pk) if school else None,
    }
    return render(request, "rollcall/confirmed.html", {**_page(found), **closing, **about})


def _closing(found: ClassSheet, known: datetime | None = None) -> dict[str, Any]:
    """Say until when the class is called, as the rule of its school says: one query, none where that is known."""
    where = {"service_id": found.service.pk, "school_id": found.class_group.school_id}
    closes_at = known or terms.closing(terms.of_place(**where, day=found.day), day=found.day)
    left = int((closes_at - clock.now()).total_seconds())
    return {"closes_at": closes_at, "closing": at_time(closes_at), "seconds_left": left}


def _page(found: ClassSheet) -> dict[str, object]:
    names, words = found.names(), words_for(found.service.kind)
    tiles = [
        Tile(
            line.child_id,
            names[line.child_id],
            line.eats,
            line.is_white,
            line.is_late,
            line.diet_code,
            line.is_present is not None,
            line.is_booked,
            line.is_packed,
            cancelled_words(line.cancelled_at, found.day) if line.cancelled_at else "",
            f"{line.left:%-H:%M}" if line.left else "",
            f"{line.arrived:%-H:%M}" if line.arrived else "",
        )
        for line in found.lines
    ]
    return {
        "sheet": found,
        "group": found.class_group,
        "tiles": tiles,
        "at_odds": [(names[line.child_id], line.is_present) for line in found.lines if line.is_at_odds],
        "words": words,
        "counted": words.counted(found.present),
        "address": address_of(found),
        "is_today": found.day == clock.today(),
    }
