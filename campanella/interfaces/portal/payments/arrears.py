"""Solleciti and rate under Pagamenti: what was asked, what is still open, one notice for all of it, due by due."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.payments.operations import PaymentUnderWay
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import scope
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, family_calling_out
from campanella.interfaces.portal.payments.answers import see_other
from campanella.interfaces.portal.payments.visit import under_way
from campanella.readings.family import arrears as reading
from campanella.usecases import top_up
from campanella.usecases.arrears import asking, papers
from campanella.usecases.pagopa import visit as pagopa_visit

SECTION = {"section": "payments"}


@family
def reminders(request: PersonRequest) -> HttpResponse:
    """List the reminders and plans of this payer."""
    ids = [child.id for child in people.children_of(user=request.user)]
    found = reading.arrears_of(user=request.user, child_ids=ids, now=clock.now())
    return render(request, "portal/payments/reminders.html", {**SECTION, "arrears": found})


@family
def reminder(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Show one reminder with what is still open of it."""
    found = reading.reminder_for(user=request.user, reminder_id=reminder_id)
    page = reading.page_of(reminder=found, now=clock.now())
    return render(request, "portal/payments/reminder.html", {**SECTION, "page": page, "reminder": found})


@family
def paper(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Hand out a reminder as it was printed."""
    found = reading.reminder_for(user=request.user, reminder_id=reminder_id)
    return as_paper(papers.paper_of(reminder_id=reminder_id), filename=papers.file_name(found.number))


@family_calling_out
def pay(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Pay all that is open of a reminder on-line."""
    back_to = reverse("portal:reminder", args=[reminder_id])
    with scope(request.town.id):
        reading.reminder_for(user=request.user, reminder_id=reminder_id)
    if request.method != "POST":
        return see_other(back_to)
    now = clock.now()
    return _go(request, lambda: asking.position_for_reminder(by=request.user, reminder_id=reminder_id, now=now), back_to)


@family
def notice(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Print the one notice of a reminder; made now where there is none of what is open."""
    reading.reminder_for(user=request.user, reminder_id=reminder_id)
    now = clock.now()
    return _notice(
        request,
        lambda: asking.position_for_reminder(by=request.user, reminder_id=reminder_id, now=now),
        reverse("portal:reminder", args=[reminder_id]),
    )


@family
def plan(request: PersonRequest, plan_id: int) -> HttpResponse:
    """Show a plan due by due."""
    found = reading.plan_for(user=request.user, plan_id=plan_id, now=clock.now())
    return render(request, "portal/payments/plan.html", {**SECTION, "stands": found, "plan": found.plan})


@family_calling_out
def pay_due(request: PersonRequest, plan_id: int, place: int) -> HttpResponse:
    """Pay an instalment on-line."""
    back_to = reverse("portal:plan", args=[plan_id])
    now = clock.now()
    with scope(request.town.id):
        reading.plan_for(user=request.user, plan_id=plan_id, now=now)
    if request.method != "POST":
        return see_other(back_to)
    return _go(request, lambda: asking.position_for_due(by=request.user, plan_id=plan_id, place=place, now=now), back_to)


@family
def due_notice(request: PersonRequest, plan_id: int, place: int) -> HttpResponse:
    """Print the notice of an instalment; made now where there is none of what is open."""
    now = clock.now()
    reading.plan_for(user=request.user, plan_id=plan_id, now=now)
    return _notice(
        request,
        lambda: asking.position_for_due(by=request.user, plan_id=plan_id, place=place, now=now),
        reverse("portal:plan", args=[plan_id]),
    )


def _notice(request: PersonRequest, position: Callable[[], int], back_to: str) -> HttpResponse:
    try:
        found = papers.open_position(request_ids=[position()])
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)
    if found is None:
        raise NotFound
    return as_paper(papers.notice_of(found), filename=f"avviso-{found.notice_number}.pdf")


def _go(request: PersonRequest, position: Callable[[], int], back_to: str) -> HttpResponse:
    now, made = clock.now(), 0
    try:
        with scope(request.town.id):
            email = top_up.check(user=request.user, child_ids=[], now=now).email
        made = position()
        return see_other(pagopa_visit.go_to_checkout(by=request.user, request_ids=[made], email=email, now=now))
    except PaymentUnderWay:
        return under_way(request, request_ids=[made]) if made else see_other(back_to)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return see_other(back_to)
