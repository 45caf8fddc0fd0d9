"""Asking for a day, or for many; the proof of what was asked, and taking it back."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.attendance.choices import FamilyChoices
from campanella.domains.attendance.documents.proof_pdf import proof_pdf
from campanella.domains.attendance.whites import limits_of_town
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, form_of, number
from campanella.interfaces.portal.asks.days import DayPage
from campanella.interfaces.portal.asks.forms import ACTIONS, DaysForm, key_of, lines_of
from campanella.interfaces.portal.asks.paper import paper_of
from campanella.interfaces.portal.asks.proof import ProofPage
from campanella.interfaces.portal.asks.sending import arrival_of, ask, day_of
from campanella.readings.family import askable, periods, requests
from campanella.usecases import wishes

SECTION = {"section": "presences"}


@family
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: PersonRequest, child_id: str) -> HttpResponse:
    """Cancel one day, or ask for something else on it: today's meal in two taps."""
    now = clock.now()
    written = request.POST.get("giorno") or request.GET.get("giorno")
    asked_day = day_of(written) or clock.day_of(now)
    child = int(child_id)
    if request.method != "POST" and asked_day < clock.day_of(now):
        # Nothing can be asked any more: what the day came to stands on its own page.
        return HttpResponseRedirect(reverse("portal:presence-day", args=[child, asked_day.isoformat()]))
    if request.method == "POST":
        lines, action, key = (
            lines_of(request.POST.getlist("per")),
            ACTIONS.get(request.POST.get("fai", "")),
            key_of(request.POST),
        )
        if written and day_of(written) is None:
            messages.warning(request, "Questo giorno non esiste: scegline un altro. Non è stato chiesto nulla.")
        elif lines and action and key:
            try:
                answer = ask(request, lines=lines, days=[asked_day], action=action, key=key)
            except (wishes.NothingToAsk, wishes.KeyUsed) as refused:
                messages.warning(request, refused.message)
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
    first = day_of(request.GET.get("dal"))
    child, uses = periods.offered(user=request.user, child_id=int(child_id), day=max(first or today, today))
    if first is None and request.method != "POST":
        # Never today by itself: one press too many would lose a meal that is about to be served.
        own = [use for one, use in uses if one.id == child.id]
        first = periods.first_after(uses=own[:1], today=today, now=now)
    offered = [
        (f"{one.id}-{use.service_id}", f"{one.called}, {use.service_name}, {use.price} al giorno") for one, use in uses
    ]
    chosen = [value for value, _ in offered if value.startswith(f"{child.id}-")][:1]
    start = {"first": first, "last": first, "lines": chosen, "key": uuid4()}
    form = DaysForm(
        request.POST or None,
        offered=offered,
        limits=limits_of_town(),
        weekend=periods.weekend_of(uses=[use for _, use in uses], since=max(first or today, today), count=wishes.LONGEST),
        initial=start,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            answer = ask(
                request,
                lines=lines_of(data["lines"]),
                days=form.days(),
                action=ACTIONS[data["what"]],
                key=data["key"],
            )
        except Refusal as refused:
            if isinstance(refused, NotFound):
                raise
            if isinstance(refused, wishes.KeyUsed):
                # The page is a new one from here on.
                form.data = request.POST.copy()
                form.data["key"] = str(uuid4())
            form.add_error(None, refused.message)
        else:
            return HttpResponseRedirect(reverse("portal:asked", args=[answer.number]))
    return render(request, "portal/asks/days.html", {"form": form, "child": child, **SECTION})


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
    only = day_of(request.POST.get("giorno"))
    requests.request(user=request.user, number=asked_id, now=now)
    here = HttpResponseRedirect(reverse("portal:asked", args=[asked_id]))
    if key is None:
        return here
    try:
        answer = wishes.take_back(
            by=request.user,
            number=asked_id,
            key=key,
            arrival=arrival_of(request),
            now=now,
            days=[only] if only else None,
        )
    except (wishes.NothingToAsk, wishes.KeyUsed) as refused:
        messages.warning(request, refused.message)
        return here
    return HttpResponseRedirect(reverse("portal:asked", args=[answer.number]))
