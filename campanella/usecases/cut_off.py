"""
What the cut-off of a day does where families book, or the class register speaks: the day is confirmed, and charged.
"""

from datetime import date, datetime, timedelta

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance import registered, ruling, terms
from campanella.domains.attendance.rules import pays_by_booking
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.readings import serving
from campanella.usecases import mealtime

# A worker that was down over a weekend still makes up for the days it has missed.
DAYS_BACK = timedelta(days=3)
DAY = timedelta(days=1)
BY_ITSELF = Software("Chiusura delle disdette")


def due(*, now: datetime) -> list[tuple[Service, date]]:
    """
    Return what is booked, is not cooked and waits for its cut-off to be charged: a ride, an hour after school.

    What is cooked is charged with its sheet (``freezing``). One query where no rule books anything; five for each day.
    """
    first, last = clock.day_of(now) - DAYS_BACK, clock.day_of(now) + terms.days_ahead() * DAY
    booked = terms.booked_between(first=first, last=last)
    wanted = [one for one in services.services() if one.pk in booked and one.kind not in serving.COOKED] if booked else []
    if not wanted:
        return []
    return [
        (service, day)
        for day in (first + DAY * step for step in range((last - first).days + 1))
        for service in wanted
        if set(_classes(service=service, day=day, now=now)) - sheets.confirmed_classes(service_id=service.pk, day=day)
    ]


@use_case
def confirm_booked(*, by: Actor, service: Service, day: date, now: datetime) -> int:
    """
    Confirm and charge, at the cut-off, the classes whose meals are booked by their families, and those of which the class
    register has spoken where it decides; set-based.

    Marks and wishes on record hold. A class confirmed or closed before is left as it is, so a second run does nothing.

    :returns: how many are there
    """
    # The rule that closes the numbers is the one that charges them.
    ruling.keep(service_id=service.pk)
    classes = _classes(service=service, day=day, now=now)
    if not classes:
        return 0
    return mealtime.confirm_day(
        by=by, service=service, day=day, class_group_ids=classes, absent_ids=[], now=now, channel="software"
    )


def confirm_opened(*, day: str, count: int) -> None:
    """
    Confirm what is booked on days that a closure shuts no more, where their cut-off is over: the kitchen is told of classes
    that its sheet does not know, and they are charged, each service and day in a transaction of its own.

    Of days that are over nobody was cooked for: they are left to a person.

    :param day: the first, as ISO date, of ``count`` days
    """
    now = clock.now()
    today = clock.day_of(now)
    with scope(active_town_id()):
        begin, last = max(date.fromisoformat(day), today), date.fromisoformat(day) + (count - 1) * DAY
        end = min(last, today + terms.days_ahead() * DAY)
        booked = terms.booked_between(first=begin, last=end) if begin <= end else set()
        wanted = [one for one in services.services() if one.pk in booked]
    for one in (begin + DAY * step for step in range((end - begin).days + 1)):
        for service in wanted:
            confirm_booked(by=BY_ITSELF, service=service, day=one, now=now)


def _classes(*, service: Service, day: date, now: datetime) -> list[int]:
    """Return the classes that the cut-off of a day confirms."""
    of_day = terms.on(day=day)
    found = {school.pk: of_day.of(service_id=service.pk, school_id=school.pk) for school in schools.schools()}
    # Who entered a rule after the cut-off of a day has told nobody in time: such a day is confirmed by a person, or not.
    over = {school_id: of.mode for school_id, of in found.items() if of.cut_off < now and of.is_known}
    by_register = {school_id for school_id, mode in over.items() if mode == "register"}
    spoken_of = registered.classes_told(service_id=service.pk, day=day) if by_register else set()
    return [
        group.pk
        for group in (serving.classes(service_id=service.pk, day=day) if over else ())
        if group.school_id in over
        and (pays_by_booking(over[group.school_id]) or (group.school_id in by_register and group.pk in spoken_of))
    ]
