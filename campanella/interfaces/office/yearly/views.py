"""L’anno nuovo: what moving every class up would do, doing it, taking it back, and what leavers have left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import rolled
from campanella.domains.services import shifted
from campanella.domains.services.models import ServiceCalendar
from campanella.domains.services.tariff_files import nodes
from campanella.domains.services.tariffs.amounts import amounts
from campanella.foundation.core import clock
from campanella.foundation.core.amounts import Wrong
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings import ways
from campanella.readings.office.leavers import leavers
from campanella.usecases.yearly import calendars, planning, rolling, telling
from campanella.usecases.yearly import credits as leaving
from campanella.usecases.yearly.planning import POLICIES, Policy, Step

SECTION = {"section": "settings"}
SHOWN = 200


class NoPercent(Refusal):
    """What the tariffs rise by is no percentage."""

    message = "L’aumento è una percentuale da 0 a 100, per esempio 1,4."


@dataclass(frozen=True)
class Going:
    """A class, how many of its children go, and where to; ``to`` is empty for those that leave."""

    school_name: str
    class_name: str
    to: str
    is_unclear: bool
    count: int


@staff(Role.OFFICE)
@require_safe
def year(request: PersonRequest) -> HttpResponse:
    """Show what the roll-over would do or has done."""
    today = clock.today()
    page: dict[str, object] = {
        **SECTION,
        "policies": POLICIES.items(),
        "refusal": "",
        "raise": request.GET.get("aumento", "")[:20],
    }
    try:
        plan = planning.plan(today=today, policies=_policies(request.GET), raise_by=_raise(request.GET))
    except Refusal as refusal:
        done = rolled.last_standing()
        page |= {"refusal": refusal.message, "done": done, "plan": None}
    else:
        done = plan.done
        carried = [(one, list(zip(amounts(one.before), amounts(one.scheme), strict=True))) for one in plan.carried]
        page |= {"plan": plan, "done": done, "goings": _goings(plan.steps), "carried": carried}
        page["shifted"] = calendars.plan(plan)
    left = leavers(roll=done, today=today) if done else []
    page["seasons"] = [_told(one) for one in shifted.to_look_at(roll=done)] if done else []
    page["is_told"] = done is not None and telling.is_told(roll=done)
    page |= {"leavers": left[:SHOWN], "more": max(0, len(left) - SHOWN), "can_move": any(one.can_move for one in left)}
    return render(request, "office/yearly/year.html", page)


@staff(Role.OFFICE)
@require_POST
def roll(request: PersonRequest) -> HttpResponse:
    """Move every class up."""
    try:
        raise_by = _raise(request.POST)
        done = rolling.roll(by=request.user, policies=_policies(request.POST), raise_by=raise_by, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        if done.is_new:
            moved = counted(done.plan.promoted, "bambino ha", "bambini hanno")
            messages.success(request, f"{moved} una classe nel {done.plan.name}. L’anno in corso va avanti come prima.")
    return HttpResponseRedirect(reverse("office:year"))


@staff(Role.OFFICE)
@require_POST
def confirm_calendars(request: PersonRequest) -> HttpResponse:
    """Let the calendars that were carried into the new year stand."""
    try:
        count = calendars.confirm(by=request.user, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{counted(count, 'calendario confermato', 'calendari confermati')}.")
    return HttpResponseRedirect(reverse("office:year"))


@staff(Role.OFFICE)
@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take the last roll-over back."""
    try:
        rolling.undo(by=request.user, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Il passaggio è annullato: classi e iscrizioni sono quelle di prima.")
    return HttpResponseRedirect(reverse("office:year"))


@staff(Role.OFFICE)
@require_POST
def tell(request: PersonRequest) -> HttpResponse:
    """Write to the families."""
    try:
        telling.begin(by=request.user, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Le lettere partono adesso: una per famiglia, dove c’è un indirizzo e-mail.")
    return HttpResponseRedirect(reverse("office:year"))


@staff(Role.OFFICE)
@require_POST
def credits_of_leavers(request: PersonRequest) -> HttpResponse:
    """Move what leavers have left to a sibling."""
    done = rolled.last_standing()
    if done:
        count, total = leaving.pass_on(by=request.user, roll=done, now=clock.now())
        said = f"{counted(count, 'credito spostato', 'crediti spostati')} al fratello o alla sorella: {total} in tutto."
        messages.success(request, said if count else "Non c’era nessun credito da spostare.")
    return HttpResponseRedirect(reverse("office:year"))


def _told(one: ServiceCalendar) -> tuple[ServiceCalendar, str]:
    last = one.days.upper - timedelta(days=1)
    return one, ways.season(first=one.days.lower, last=last, weekdays=one.weekdays)


def _policies(asked: QueryDict) -> dict[str, Policy]:
    found: dict[str, Policy] = {}
    for name, how in asked.items():
        for known in POLICIES:
            if name.startswith("servizio-") and how == known:
                found[name.removeprefix("servizio-")] = known
    return found


def _raise(asked: QueryDict) -> Fraction:
    text = asked.get("aumento", "").strip()
    try:
        return nodes.share(text) if text else Fraction(0)
    except Wrong:
        raise NoPercent from None


def _goings(steps: Sequence[Step]) -> list[Going]:
    """Sum the children by where they come from and where they go, in the order of the plan."""
    sums = Counter((one.seat.school_name, one.seat.class_name, one.class_name or "", one.is_unclear) for one in steps)
    return [Going(*key, count) for key, count in sums.items()]
