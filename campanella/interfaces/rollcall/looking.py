"""The days near today: a page of the roll-call leads to them, and shows those that whoever looks may not write."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.services.rules import next_running
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_brief
from campanella.interfaces.doors import PersonRequest
from campanella.readings.class_sheet import ClassSheet

# School days each way, as far away as somebody looks.
EACH_WAY, AS_FAR_AS = 3, timedelta(days=14)


@dataclass(frozen=True)
class Pick:
    """A day that is one tap away."""

    name: str
    address: str
    is_shown: bool


def day_looked_at(request: PersonRequest) -> date:
    """Return the day that somebody looks at (``?giorno=2026-10-12``): one near today, for the office any that is over."""
    today, asked = clock.today(), clock.read_day(request.GET.get("giorno", ""))
    if asked is None:
        return today
    may_go_back = request.user.has_role(Role.OFFICE) and asked < today
    return asked if may_go_back or abs(asked - today) <= AS_FAR_AS else today


def may_write(request: PersonRequest, day: date) -> bool:
    """Tell whether whoever asks may write a day: today's, the office past ones too."""
    today = clock.today()
    return day == today or (day < today and request.user.has_role(Role.OFFICE))


def picks(*, weekdays: int, shown: date, address: str, **more: str) -> list[Pick]:
    """
    Return the last school days, today and the next ones, with the day that is shown.

    :param weekdays: on which the service runs there, seven bits
    """
    today = clock.today()
    days = {today, shown}
    for step in (-1, 1) if weekdays else ():
        day = today
        for _ in range(EACH_WAY):
            day = next_running(day=day, step=step, weekdays=weekdays)
            days |= {day} if abs(day - today) <= AS_FAR_AS else set()
    return [
        Pick(
            "Oggi" if day == today else day_brief(day),
            _at(address, **more, **({} if day == today else {"giorno": day.isoformat()})),
            day == shown,
        )
        for day in sorted(days)
    ]


def of_class(*, class_id: int, service: str, weekdays: int, shown: date) -> list[Pick]:
    """Return the days that the page of a class leads to."""
    return picks(weekdays=weekdays, shown=shown, address=reverse("rollcall:sheet", args=[class_id, service]))


def look(request: PersonRequest, found: ClassSheet, about: dict[str, object]) -> HttpResponse:
    """Show a day that cannot be written here: one to come, or for the school one that is over."""
    page = {**about, "is_past": found.day < clock.today()}
    return render(request, "rollcall/look.html", page)


def _at(address: str, **query: str) -> str:
    return f"{address}?{urlencode(query)}" if query else address
