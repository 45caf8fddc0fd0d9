"""A week of a service that is booked day by day."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import Line
from campanella.foundation.core import clock
from campanella.foundation.core.italian import counted
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, family, number
from campanella.interfaces.portal.asks.forms import key_of
from campanella.interfaces.portal.asks.sending import arrival_of, day_of
from campanella.interfaces.portal.asks.weeks import WeekPage
from campanella.interfaces.portal.asks.words import capital
from campanella.readings.family import askable
from campanella.usecases import weeks, wishes


@family
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: PersonRequest, child_id: str) -> HttpResponse:
    """Book a week day by day: what the page has changed is asked for, and nothing else."""
    now = clock.now()
    start = day_of(request.POST.get("dal") or request.GET.get("dal")) or clock.day_of(now)
    monday = start - timedelta(days=start.weekday())
    found = askable.days_to_ask(
        user=request.user,
        child_id=int(child_id),
        service_id=number(request.GET.get("servizio", "")),
        first=monday,
        last=monday + timedelta(days=6),
        now=now,
    )
    key = key_of(request.POST)
    if request.method == "POST" and found.use and key:
        return _sent(request, (found.child.id, found.use.service_id), found.use.price, monday=monday, key=key)
    page = WeekPage.of(found, monday=monday, now=now)
    return render(request, "portal/asks/week.html", {"page": page, "section": "presences"})


def _sent(request: PersonRequest, line: Line, price: Euro, *, monday: date, key: UUID) -> HttpResponse:
    """
    Ask for what differs from the page as it was shown; a day that counts no more leads to the proof that says why.

    What the other parent has asked since the page was opened stays: this page says nothing of it.
    """
    here = HttpResponseRedirect(request.get_full_path())
    shown, before, ticked = (_days(request, name, monday) for name in ("mostrato", "prima", "giorno"))
    changed = {day: day in ticked for day in shown & (ticked ^ before)}
    if not changed:
        messages.info(request, "Non hai cambiato nessun giorno: resta tutto com’è.")
        return here
    try:
        answers = weeks.ask(
            by=request.user, line=line, wanted=changed, key=key, arrival=arrival_of(request), now=clock.now()
        )
    except wishes.NothingToAsk:
        messages.warning(request, "In quei giorni non c’è più servizio: non è stato chiesto nulla.")
        return here
    counting = [answer for answer in answers if answer.is_accepted]
    if counting:
        messages.success(request, f"{capital('; '.join(_done(answer, price) for answer in counting))}.")
    refused = next((answer for answer in answers if not all(day.counts for day in answer.days)), None)
    return HttpResponseRedirect(reverse("portal:asked", args=[refused.number])) if refused else here


def _days(request: PersonRequest, name: str, monday: date) -> set[date]:
    """Read the days of this week that a field names."""
    found = {day_of(text) for text in request.POST.getlist(name)}
    return {day for day in found if day and monday <= day < monday + timedelta(days=7)}


def _done(answer: Answer, price: Euro) -> str:
    """Say what counts of a week that was sent, and what it costs."""
    number = sum(day.counts for day in answer.days)
    what = f"richiesta n. {answer.number}"
    if answer.action == "book":
        return f"{counted(number, 'giorno prenotato', 'giorni prenotati')}, {price * number}: {what}"
    return f"{counted(number, 'giorno disdetto', 'giorni disdetti')}, {price * number} in meno: {what}"
