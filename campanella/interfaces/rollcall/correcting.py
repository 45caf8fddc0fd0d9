"""Correcting one child after the confirmation, with its reason."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campanella.domains.attendance.queries import SheetLine
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest
from campanella.interfaces.rollcall.forms import CorrectForm
from campanella.interfaces.rollcall.views import AnotherDay, address_of, day_asked, door
from campanella.interfaces.rollcall.words import short_names, words_for
from campanella.usecases import class_sheet, mealtime
from campanella.usecases.class_sheet import ClassSheet


@require_http_methods(["GET", "HEAD", "POST"])
@door
def correct(request: PersonRequest, class_id: int, service: str, child_id: int) -> HttpResponse:
    """Ask why, then turn one presence over; only the difference of money is posted."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        raise NotFound(another.message) from another
    found = class_sheet.of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if not found.confirmed_at:
        return HttpResponseRedirect(address_of(found))
    line = _line_of(found, child_id)
    becomes = not line.eats
    form = CorrectForm(request.POST or None)
    if form.is_valid() and request.POST.get("becomes") == _code(becomes):
        mealtime.correct(
            by=request.user, child_id=child_id, service=found.service, day=day, is_present=becomes,
            reason=form.cleaned_data["reason"], now=clock.now(),
        )  # fmt: skip
        messages.success(
            request, f"{short_names(found.lines)[child_id]}: ora risulta {'presente' if becomes else 'assente'}."
        )
        return HttpResponseRedirect(address_of(found))
    if form.is_valid():
        # The same form twice, or a colleague in between: the presence already is what was asked for.
        return HttpResponseRedirect(address_of(found))
    about = {
        "sheet": found,
        "group": found.class_group,
        "name": short_names(found.lines)[child_id],
        "line": line,
        "becomes": _code(becomes),
        "words": words_for(found.service.kind),
        "form": form,
        "address": address_of(found),
    }
    return render(request, "rollcall/correct.html", about)


def _line_of(found: ClassSheet, child_id: int) -> SheetLine:
    line = next((line for line in found.lines if line.child_id == child_id), None)
    if line is None or line.is_present is None:
        raise NotFound("Questo bambino non era in questo appello.")
    return line


def _code(is_present: bool) -> str:
    return "presente" if is_present else "assente"
