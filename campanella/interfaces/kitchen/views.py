"""
The kitchen's numbers: today's, changing by themselves, and another day's.

Today's page asks for its fragment again and again; the answer is empty, or waits, while nothing has changed
(docs/decisions/0007-the-kitchen-asks.md).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.queries import Table
from campanella.domains.cooking.rules import packed, undefined
from campanella.domains.services import queries as services
from campanella.domains.services.rules import next_running
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.labels import SHEETS
from campanella.interfaces import waiting
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.kitchen import asking
from campanella.interfaces.kitchen.asking import Asked
from campanella.interfaces.kitchen.board_paper import board_pdf
from campanella.interfaces.kitchen.drawn import Drawn
from campanella.interfaces.waiting import Outcome
from campanella.readings import counted
from campanella.readings.kitchen import board as boards

door = staff(Role.KITCHEN, Role.OFFICE)


@require_safe
@never_cache
@door
def board(request: PersonRequest) -> HttpResponse:
    """Show today's numbers."""
    return render(request, "kitchen/board.html", _page(request, clock.today()))


@require_safe
@never_cache
@door
def board_fragment(request: PersonRequest) -> HttpResponse:
    """Answer with nothing while the board is what the page shows, else with the parts that have changed."""
    asked, found = asking.asked_by(request, clock.today())
    waiting.leave(request, asked, answers)
    shown = request.GET.get("visto", "")
    if shown == found.shown:
        return HttpResponse(status=204)
    told = asking.changed(asked, found, shown)
    if told is None:
        return render(request, "kitchen/parts/live.html", {**_page(request, clock.today()), "differs": True})
    return HttpResponse(told)


def answers(asked: Sequence[tuple[Asked, str]]) -> list[Outcome]:
    """Return what pages of today's board are told whose question has waited: each board is looked at once."""
    of_day, boards = counted.on(day=clock.today()), {}
    for one in {one for one, _ in asked}:
        boards[one] = one.drawn(of_day) if one.day == of_day.day else None
    return [asking.outcome(one, boards[one], shown) for one, shown in asked]


@require_safe
@door
def day(request: PersonRequest, day: str) -> HttpResponse:
    """Show another day: how it went, or what its calendar lets expect."""
    asked = clock.read_day(day)
    if asked is None:
        raise NotFound
    return render(request, "kitchen/day.html", _page(request, asked))


@require_safe
@door
def paper(request: PersonRequest, day: str) -> HttpResponse:
    """Print the numbers of a day as they are now."""
    asked = clock.read_day(day)
    if asked is None:
        raise NotFound
    of_day, code = counted.on(day=asked), request.GET.get("servizio", "")
    board = boards.of(of_day=of_day, service_code=code, seen=of_day.held_to(user=request.user))
    if board.service is None:
        raise NotFound
    made = board_pdf(board, town_name=request.town.name, now=clock.now())
    return as_paper(made, filename=f"pasti-{board.day}-{board.service.code}.pdf")


def _page(request: PersonRequest, day: date) -> dict[str, Any]:
    asked, found = asking.asked_by(request, day)
    service = found.board.service
    table = cooking.tables(service_ids=[service.pk], day=day).get(service.pk) if service else None
    weekdays = found.board.weekdays or services.weekdays_around(day=day)
    served = [one.key.code for one in found.board.columns if one.key.code and one.special.is_of_the_menu]
    return {
        "drawn": found,
        "board": found.board,
        "table": table,
        "before": list(cooking.sheets_before(sheets=[frozen.sheet for frozen in found.board.sheets]).items()),
        "rewritten": _rewritten(found, table, day),
        "label_sheets": SHEETS.items(),
        "undefined": undefined(table.dishes, served) if table else {},
        "asked": asking.again(found),
        "pause": asked.pause,
        "today": clock.today(),
        "previous": next_running(day=day, step=-1, weekdays=weekdays),
        "next": next_running(day=day, step=1, weekdays=weekdays),
        "updated_at": asking.updated_at(),
    }


def _rewritten(found: Drawn, table: Table | None, day: date) -> list[int]:
    """Return the sheets whose papers say other dishes than the menu does by now."""
    if table is None or day < clock.today():
        return []
    sheets = (frozen.sheet for frozen in found.board.sheets)
    return [sheet.pk for sheet in sheets if sheet.dishes is not None and sheet.dishes != packed(table.dishes)]
