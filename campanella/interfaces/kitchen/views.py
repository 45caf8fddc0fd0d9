"""
The kitchen's numbers: today's, changing by themselves, and another day's.

Today's page asks for its fragment every 700 ms; the answer is empty while nothing has changed
(docs/decisions/0007-the-kitchen-asks.md).
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.queries import Table
from campanella.domains.cooking.rules import packed, undefined
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.labels import SHEETS
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.kitchen import drawn
from campanella.interfaces.kitchen.drawn import Drawn
from campanella.interfaces.kitchen.papers import board_pdf
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
    found, shown = _drawn(request, clock.today()), request.GET.get("visto", "")
    if shown == found.shown:
        return HttpResponse(status=204)
    differing = found.differing(shown)
    if differing is None:
        return render(request, "kitchen/parts/live.html", {**_page(request, clock.today()), "differs": True})
    # Without the request: nobody's token or name stands in what every page of the same numbers is sent.
    changed = {"differing": differing, "asked": _asked(found), "updated_at": _updated_at()}
    return HttpResponse(get_template("kitchen/parts/changed.html").render(changed))


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
    found = _drawn(request, day)
    service = found.board.service
    table = cooking.tables(service_ids=[service.pk], day=day).get(service.pk) if service else None
    served = [one.key.code for one in found.board.columns if one.key.code and one.special.is_of_the_menu]
    return {
        "drawn": found,
        "board": found.board,
        "table": table,
        "before": list(cooking.sheets_before(sheets=[frozen.sheet for frozen in found.board.sheets]).items()),
        "rewritten": _rewritten(found, table, day),
        "label_sheets": SHEETS.items(),
        "undefined": undefined(table.dishes, served) if table else {},
        "asked": _asked(found),
        "today": clock.today(),
        "previous": boards.step(day, -1),
        "next": boards.step(day, +1),
        "updated_at": _updated_at(),
    }


def _rewritten(found: Drawn, table: Table | None, day: date) -> list[int]:
    """Return the sheets whose papers say other dishes than the menu does by now."""
    if table is None or day < clock.today():
        return []
    sheets = (frozen.sheet for frozen in found.board.sheets)
    return [sheet.pk for sheet in sheets if sheet.dishes is not None and sheet.dishes != packed(table.dishes)]


def _drawn(request: PersonRequest, day: date) -> Drawn:
    of_day = counted.on(day=day)
    return drawn.of(
        of_day=of_day,
        service_code=request.GET.get("servizio", ""),
        seen=of_day.held_to(user=request.user),
        opened=number(request.GET.get("scuola", "")),
        today=clock.today(),
        now=clock.now(),
    )


def _asked(found: Drawn) -> str:
    """Write what the page asks for again: its service, the school that is open, and what it shows."""
    service = found.board.service
    asked = {"servizio": service.code if service else None, "scuola": found.opened, "visto": found.shown}
    return urlencode({name: value for name, value in asked.items() if value}, safe=",")


def _updated_at() -> str:
    return f"{clock.now().astimezone(clock.ROME):%-H:%M:%S}"
