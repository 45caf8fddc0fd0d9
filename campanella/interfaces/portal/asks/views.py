"""Asking for a day, for many days, for a week; the proof of what was asked, and taking it back."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import Line
from campanella.domains.attendance.choices import FamilyChoices
from campanella.domains.attendance.documents.proof_pdf import proof_pdf
from campanella.domains.attendance.judging import Action, Arrival
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.design.italian import counted
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, form_of, number, received_at
from campanella.interfaces.portal.asks.days import DayPage
from campanella.interfaces.portal.asks.forms import ACTIONS, DaysForm, key_of, lines_of
from campanella.interfaces.portal.asks.paper import paper_of
from campanella.interfaces.portal.asks.proof import ProofPage
from campanella.interfaces.portal.asks.weeks import WeekPage
from campanella.interfaces.portal.asks.words import capital
from campanella.readings.family import askable, requests
from campanella.usecases import wishes

SECTION = {"section": "presences"}


@family
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: PersonRequest, child_id: str) -> HttpResponse:
    """Cancel one day, or ask for something else on it: today's meal in two taps."""
    now = clock.now()
    written = request.POST.get("giorno") or request.GET.get("giorno")
    asked_day = _day(written) or clock.day_of(now)
    child = int(child_id)
    if request.method == "POST":
        lines, action, key = (
            lines_of(request.POST.getlist("per")),
            ACTIONS.get(request.POST.get("fai", "")),
            key_of(request.POST),
        )
        if written and _day(written) is None:
            messages.warning(request, "Questo giorno non esiste: scegline un altro. Non è stato chiesto nulla.")
        elif lines and action and key:
            try:
                answer = _ask(request, lines=lines, days=[asked_day], action=action, key=key)
            except wishes.NothingToAsk as nothing:
                messages.warning(request, nothing.message)
            else:
                return HttpResponseRedirect(reverse("portal:asked", args=[answer.number]))
        else:
            messages.warning(request, "Scegli almeno un bambino.")
    found = askable.day_to_ask(user=request.user, child_id=child, day=asked_day, now=now)
    following = None
    if not any(one.can_ask for one in found.services):
        following = askable.next_day(user=request.user, child_id=child, after=asked_day, now=now)
    grace = request.town.chosen(FamilyChoices).offline_grace_minutes
    page = DayPage.of(found, service_id=number(request.GET.get("servizio", "")), now=now, next_day=following, grace=grace)
    return render(request, "portal/asks/day.html", {"page": page, **SECTION})


@family
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: PersonRequest, child_id: str) -> HttpResponse:
    """Ask for a period, on some days of the week, for several children."""
    now = clock.now()
    today = clock.day_of(now)
    first = _day(request.GET.get("dal"))
    child, uses = askable.offered(user=request.user, child_id=int(child_id), day=max(first or today, today))
    if first is None and request.method != "POST":
        # Never today by itself: one press too many would lose a meal that is about to be served.
        own = [use for one, use in uses if one.id == child.id]
        first = askable.first_after(uses=own[:1], today=today, now=now)
    offered = [
        (f"{one.id}-{use.service_id}", f"{one.called}, {use.service_name}, {use.price} al giorno") for one, use in uses
    ]
    chosen = [value for value, _ in offered if value.startswith(f"{child.id}-")][:1]
    start = {"first": first, "last": first, "lines": chosen, "key": uuid4()}
    form = DaysForm(request.POST or None, offered=offered, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            answer = _ask(
                request,
                lines=lines_of(data["lines"]),
                days=form.days(),
                action=ACTIONS[data["what"]],
                key=data["key"],
            )
        except Refusal as refused:
            if isinstance(refused, NotFound):
                raise
            form.add_error(None, refused.message)
        else:
            return HttpResponseRedirect(reverse("portal:asked", args=[answer.number]))
    return render(request, "portal/asks/days.html", {"form": form, "child": child, **SECTION})


@family
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: PersonRequest, child_id: str) -> HttpResponse:
    """Book a week day by day: what is ticked is wanted, what is not is not."""
    now = clock.now()
    start = _day(request.POST.get("dal") or request.GET.get("dal")) or clock.day_of(now)
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
        ticked = {_day(text) for text in request.POST.getlist("giorno")}
        open_days = [one for one in found.days if one.can_ask]
        line = (found.child.id, found.use.service_id)
        book = [one.known.day for one in open_days if one.known.day in ticked and not one.known.is_wanted]
        cancel = [one.known.day for one in open_days if one.known.day not in ticked and one.known.is_wanted]
        numbers = []
        for action, wanted in (("book", book), ("cancel", cancel)):
            if wanted:
                answer = _ask(request, lines=[line], days=wanted, action=_action(action), key=uuid5(key, action))
                numbers.append(_done(answer, found.use.price))
        if numbers:
            messages.success(request, f"{capital('; '.join(numbers))}.")
        return HttpResponseRedirect(request.get_full_path())
    page = WeekPage.of(found, monday=monday, now=now)
    return render(request, "portal/asks/week.html", {"page": page, **SECTION})


@family
@require_safe
def asked(request: PersonRequest, asked_id: str) -> HttpResponse:
    """Show a request with its number: the proof."""
    now = clock.now()
    found = requests.request(user=request.user, number=asked_id, now=now)
    following = None
    if not found.answer.is_accepted:
        first = found.days[0]
        following = askable.next_day(
            user=request.user, child_id=first.child.id, after=max(first.answered.day, clock.day_of(now)), now=now
        )
    page = ProofPage.of(found, town=request.town.name, now=now, next_day=following)
    return render(request, "portal/asks/proof.html", {"page": page, **SECTION})


@family
@require_safe
def asked_paper(request: PersonRequest, asked_id: str) -> HttpResponse:
    """Give the proof as PDF, in the words of the page."""
    now = clock.now()
    found = requests.request(user=request.user, number=asked_id, now=now)
    page = ProofPage.of(found, town=request.town.name, now=now, next_day=None)
    content = proof_pdf(paper_of(page, town_name=request.town.name, now=now))
    return as_paper(content, filename=f"richiesta-{asked_id}.pdf")


@family
@form_of("portal:asked", "asked_id")
def take_back(request: PersonRequest, asked_id: str) -> HttpResponse:
    """Take a request back, as far as its cut-off has not passed."""
    now, key = clock.now(), key_of(request.POST)
    only = _day(request.POST.get("giorno"))
    requests.request(user=request.user, number=asked_id, now=now)
    here = HttpResponseRedirect(reverse("portal:asked", args=[asked_id]))
    if key is None:
        return here
    try:
        answer = wishes.take_back(
            by=request.user,
            number=asked_id,
            key=key,
            arrival=_arrival(request),
            now=now,
            days=[only] if only else None,
        )
    except wishes.NothingToAsk as nothing:
        messages.warning(request, nothing.message)
        return here
    return HttpResponseRedirect(reverse("portal:asked", args=[answer.number]))


def _ask(request: PersonRequest, *, lines: list[Line], days: Collection[date], action: Action, key: UUID) -> Answer:
    return wishes.ask(
        by=request.user, lines=lines, days=days, action=action, key=key, arrival=_arrival(request), now=clock.now()
    )


def _arrival(request: PersonRequest) -> Arrival:
    """Say when the request came; of a tap kept by the phone, when it was made by the server's clock."""
    received = received_at(request)
    tapped, sent = _instant(request.POST.get("toccato", "")), _instant(request.POST.get("inviato", ""))
    if tapped is None or sent is None:
        return Arrival(received)
    error = sent - received
    return Arrival(received, tapped_at=tapped - error, error=error)


def _instant(text: str) -> datetime | None:
    """Read an instant that a phone writes; what is none, or without its zone, is no instant."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_sane = instant.tzinfo is not None and 2000 <= instant.year <= 2099
    return instant if is_sane else None


def _day(text: str | None) -> date | None:
    return clock.read_day(text) if text else None


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
