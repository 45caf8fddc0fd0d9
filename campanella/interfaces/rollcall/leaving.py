"""A child goes home before the end of the day: who, and at what hour."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import at_time
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest
from campanella.interfaces.rollcall.forms import LeaveForm
from campanella.interfaces.rollcall.views import AnotherDay, address_of, day_asked, door, today_instead
from campanella.interfaces.rollcall.words import words_for
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import leaving


@require_http_methods(["GET", "HEAD", "POST"])
@door
def leave(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Ask who goes home and when; whether the meal stays counted follows from the hour at which the school says so."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        return today_instead(request, class_id, service, another)
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if found.closed_because or not found.lines or not words_for(found.service.kind).is_meal:
        return HttpResponseRedirect(address_of(found))
    names, now = found.names(), clock.now()
    form = LeaveForm(request.POST or None, initial={"hour": now.astimezone(clock.ROME).time(), "eats": "no"})
    if found.service.kind != "meal":
        del form.fields["eats"]
    offer(form, "child", [("", "Scegli"), *((line.child_id, names[line.child_id]) for line in found.lines if line.eats)])
    if form.is_valid():
        child_id, hour = form.cleaned_data["child"], form.cleaned_data["hour"]
        eats_first = form.cleaned_data.get("eats") == "yes"
        try:
            takes_away = leaving.leave(
                by=request.user, sheet=found, child_id=child_id, hour=hour, eats_first=eats_first, now=now
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            then = "non mangia, e la cucina lo vede già." if takes_away else "il pasto è già ordinato e resta contato."
            if eats_first:
                then = "dopo aver mangiato."
            if found.service.kind != "meal":
                then = "resta fra i presenti di oggi."
            messages.success(request, f"{names[child_id]}: va via alle {at_time(clock.rome(day, hour))}, {then}")
            return HttpResponseRedirect(address_of(found))
    about = {"sheet": found, "group": found.class_group, "form": form, "address": address_of(found)}
    return render(request, "rollcall/leave.html", about)
