"""
The kitchen's numbers: today's, changing by themselves, and another day's.

Today's page asks for its fragment every 700 ms; the answer is empty while nothing has changed
(docs/decisions/0007-the-kitchen-asks.md).
"""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campanella.domains.accounts.models import Role
from campanella.domains.attendance import queries as sheets
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.kitchen import boards

door = staff(Role.KITCHEN, Role.OFFICE)


@require_safe
@never_cache
@door
def board(request: PersonRequest) -> HttpResponse:
    """Show today's numbers."""
    return render(request, "kitchen/board.html", _today(request, version=_version()))


@require_safe
@never_cache
@door
def board_fragment(request: PersonRequest) -> HttpResponse:
    """Answer with nothing while the board is what the page already shows, else with the new one."""
    version = _version()
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return render(request, "kitchen/parts/live.html", _today(request, version=version))


@require_safe
@door
def day(request: PersonRequest, day: str) -> HttpResponse:
    """Show another day: how it went, or what its calendar lets expect."""
    asked = clock.read_day(day)
    if asked is None:
        raise NotFound
    return render(request, "kitchen/day.html", _page(request, asked))


def _today(request: PersonRequest, *, version: str) -> dict[str, object]:
    return {**_page(request, clock.today()), "version": version}


def _page(request: PersonRequest, day: date) -> dict[str, object]:
    now = clock.now()
    closes_at = clock.rome(day, request.town.choices.roll_call_closes_at)
    return {
        "board": boards.of(day=day, service_code=request.GET.get("servizio", "")),
        "today": clock.today(),
        "previous": boards.step(day, -1),
        "next": boards.step(day, +1),
        "closes_at": closes_at,
        "seconds_left": int((closes_at - now).total_seconds()),
        "updated_at": f"{now.astimezone(clock.ROME):%-H:%M:%S}",
    }


def _version() -> str:
    """Return what changes with the numbers, and every minute: diets and new children come with the minute."""
    return f"{sheets.board_version(day=clock.today())}-{int(clock.now().timestamp()) // 60}"
