"""The day of a cash point: the till opened, counted and closed."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campanella.domains.cash import queries, settled, till
from campanella.domains.cash.till import Counted
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.interfaces.counter.forms import CloseForm, OpenForm
from campanella.interfaces.counter.views import door, frame, to_home
from campanella.interfaces.doors import PersonRequest, form_of
from campanella.usecases.cash import days, taking


@never_cache
@door
@form_of("counter:home")
def open_day(request: PersonRequest) -> HttpResponse:
    """Open today's till; a second press finds it open."""
    form = OpenForm(request.POST)
    try:
        point = taking.stand_of(user=request.user)
        if not form.is_valid():
            page = {**frame(point, queries.open_session(point_id=point.pk)), "form": form}
            return render(request, "counter/not_open.html", page)
        days.open_day(by=request.user, float_cents=form.cleaned_data["float_cents"] or 0, now=clock.now())
    except taking.NoPoint as refusal:
        messages.error(request, refusal.message)
    except till.OpenAlready:
        # The page says by itself which till is open.
        return to_home()
    return to_home()


@never_cache
@door
def close_day(request: PersonRequest) -> HttpResponse:
    """Count the till and close it; what does not balance is written down, not refused."""
    try:
        point = taking.stand_of(user=request.user)
    except taking.NoPoint as refusal:
        messages.error(request, refusal.message)
        return to_home()
    session = queries.open_session(point_id=point.pk)
    if session is None:
        return to_home()
    form = CloseForm(request.POST or None, point=point)
    if form.is_valid():
        slip = form.cleaned_data.get("slip")
        counted = Counted(
            cash=Euro(form.cleaned_data["cash"] or 0),
            slip=None if slip is None else Euro(slip),
            note=form.cleaned_data["note"],
        )
        try:
            close = days.close_day(by=request.user, session_id=session.pk, counted=counted, now=clock.now())
        except till.ClosedAlready:
            return HttpResponseRedirect(reverse("counter:closed-day", args=[session.pk]))
        messages.success(request, "Giornata chiusa.")
        return HttpResponseRedirect(reverse("counter:closed-day", args=[close.session_id]))
    return render(request, "counter/close.html", {**frame(point, session), "form": form})


@never_cache
@require_safe
@door
def closed(request: PersonRequest, session_id: int) -> HttpResponse:
    """Show how a day of this point was counted, to be printed."""
    point = taking.stand_of(user=request.user)
    session = queries.session(session_id=session_id)
    if session.point_id != point.pk:
        raise NotFound
    page = {
        **frame(point, queries.open_session(point_id=point.pk)),
        "closed": session,
        "close": settled.close_of(session_id=session_id),
        "counts": queries.taken(session_id=session_id),
    }
    return render(request, "counter/closed.html", page)
