"""``/api/v1/rollcall``: what a tablet keeps for the days ahead, and the marks that it hands in."""

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campanella.domains.attendance.rules import is_booked_by_default
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.interfaces.api.answers import answered
from campanella.interfaces.api.doors import Sent, tablet
from campanella.interfaces.doors import TownRequest
from campanella.readings import tablet as reading
from campanella.readings.tablet import ClassOfDay, Line, TabletDay
from campanella.readings.tablet_rides import RideOfDay


@require_safe
@tablet
def days(request: TownRequest, sent: Sent) -> HttpResponse:
    """Tell a tablet its classes of today and of the school days around it, and who may take it."""
    with scope(request.town.id):
        found = reading.days_of(device=sent.device, today=clock.today())
    return answered(
        {
            "device": {"id": sent.device.pk, "name": sent.device.name},
            "schools": [{"id": school.pk, "name": school.name} for school in found.schools],
            "operators": [{"id": user.pk, "name": user.display_name} for user in found.operators],
            "past": [_day(day) for day in found.past],
            "days": [_day(day) for day in found.days],
        }
    )


def _day(day: TabletDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "closes_at": day.closes_at.isoformat(),
        "classes": [_class(one) for one in day.classes],
        "rides": [_ride(one) for one in day.rides],
    }


def _ride(one: RideOfDay) -> dict[str, Any]:
    stops = [
        {"name": stop.name, "at": stop.at.isoformat(timespec="minutes"), "children": list(children)}
        for stop, children in one.stops
    ]
    return {
        "id": one.ride.pk,
        "name": one.ride.line.name,
        "way": one.ride.way,
        "service": one.service.code,
        "stops": stops,
    }


def _class(one: ClassOfDay) -> dict[str, Any]:
    names = one.names()
    return {
        "id": one.group.pk,
        "name": one.group.name,
        "school": one.group.school.name,
        "service": {"code": one.service.code, "name": one.service.name, "kind": one.service.kind},
        "mode": one.terms.mode,
        "closes_at": one.closes_at.isoformat(),
        "marks_until": one.terms.marks_until.isoformat(),
        "is_confirmed": bool(one.call and one.call.confirmed_at),
        "closed_because": one.closed_because,
        "adults": one.call.adults if one.call else 0,
        "children": [_child(line, names[line.child_id]) for line in one.lines],
    }


def _child(line: Line, name: str) -> dict[str, Any]:
    marked = line.is_present is not None
    there = bool(line.is_present)
    mark = {
        "present": there,
        "white": there and bool(line.is_white),
        "late": there and bool(line.is_late),
        "arrived": _hour(line.arrived),
        "left": _hour(line.left),
    }
    return {
        "id": line.child_id,
        "name": name,
        "diet": {"code": line.diet_code, "menu": line.diet_menu} if line.diet_code else None,
        "booked": is_booked_by_default(line.mode) if line.is_booked is None else line.is_booked,
        "cancelled_by_family": line.is_booked is False,
        "booked_by_family": line.is_booked is True,
        "white": bool(line.is_booked and line.wants_white),
        "packed": bool(line.is_booked and line.wants_packed),
        "mark": mark if marked else None,
    }


def _hour(at: time | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
