"""A week of a service that is booked day by day."""

from datetime import timedelta
from uuid import uuid5

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.rules import Action
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.italian import counted
from campanella.interfaces.doors import PersonRequest, family, number
from campanella.interfaces.portal.asks.forms import key_of
from campanella.interfaces.portal.asks.sending import ask, day_of
from campanella.interfaces.portal.asks.weeks import WeekPage
from campanella.interfaces.portal.asks.words import capital
from campanella.readings.family import askable


@family
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: PersonRequest, child_id: str) -> HttpResponse:
    """Book a week day by day: what is ticked is wanted, what is not is not."""
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
        ticked = {day_of(text) for text in request.POST.getlist("giorno")}
        open_days = [one for one in found.days if one.can_ask]
        line = (found.child.id, found.use.service_id)
        book = [one.known.day for one in open_days if one.known.day in ticked and not one.known.is_wanted]
        cancel = [one.known.day for one in open_days if one.known.day not in ticked and one.known.is_wanted]
        numbers = []
        for action, wanted in (("book", book), ("cancel", cancel)):
            if wanted:
                # What the same page asks after some of it was done is another request.
                own = uuid5(key, f"{action} {' '.join(map(str, wanted))}")
                answer = ask(request, lines=[line], days=wanted, action=_action(action), key=own)
                numbers.append(_done(answer, found.use.price))
        if numbers:
            messages.success(request, f"{capital('; '.join(numbers))}.")
        return HttpResponseRedirect(request.get_full_path())
    page = WeekPage.of(found, monday=monday, now=now)
    return render(request, "portal/asks/week.html", {"page": page, "section": "presences"})


def _done(answer: Answer, price: Euro) -> str:
    """Say what counts of a week that was sent, and what it costs."""
    number = sum(day.counts for day in answer.days)
    what = f"richiesta n. {answer.number}"
    if not number:
        return f"niente cambia, per quei giorni è tardi: {what}"
    if answer.action == "book":
        return f"{counted(number, 'giorno prenotato', 'giorni prenotati')}, {price * number}: {what}"
    return f"{counted(number, 'giorno disdetto', 'giorni disdetti')}, {price * number} in meno: {what}"


def _action(name: str) -> Action:
    return "book" if name == "book" else "cancel"
