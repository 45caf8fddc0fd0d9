"""Who is enrolled by an application that was accepted, from when and until when; which services admit only them."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q

from campanella.domains.applying.models import Application, ApplicationStep, EnrolmentCall
from campanella.domains.applying.rules import ENDED
from campanella.domains.enrolment.rules import EnrolmentAsked
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id


def is_enrolled(*, day: date) -> Q:
    """Find applications that count on a day: accepted, or ended with a last day with the service that has not passed."""
    lasting = ApplicationStep.objects.filter(application=OuterRef("pk"), state__in=ENDED, last_on__gte=day)
    return Q(state="accepted") | Q(Exists(lasting), state__in=ENDED)


def taken_count(*, call_id: int, day: date) -> int:
    """Count the places of a call that somebody has on a day: one query."""
    return Application.objects.filter(is_enrolled(day=day), call_id=call_id).count()


def enrolled_on(*, day: date) -> dict[int, set[int]]:
    """Return, of the services that admit only the enrolled on a day, by service the children that are: two queries."""
    calls = EnrolmentCall.objects.filter(year__days__contains=day, admits_only_enrolled=True)
    found: dict[int, set[int]] = {service_id: set() for service_id in calls.values_list("service_id", flat=True)}
    if found:
        accepted = Application.objects.filter(is_enrolled(day=day), call__in=calls, child__isnull=False)
        for service_id, child_id in accepted.values_list("call__service_id", "child_id"):
            found[service_id].add(child_id)
    return found


def admits(*, service_id: int, child_id: int, days: Collection[date]) -> bool:
    """Tell whether a child may ask for a service on these days, of one school year: two queries at most."""
    if not days:
        return True
    enrolled = enrolled_on(day=min(days))
    return service_id not in enrolled or child_id in enrolled[service_id]


def asked(*, child_ids: Collection[int]) -> list[EnrolmentAsked]:
    """
    Return by call who needs an accepted application, and which of these children has one: three queries.

    Nobody is asked before families could apply, nor before the service begins.
    """
    calls = list(EnrolmentCall.objects.select_related("year").order_by("id"))
    spells: dict[int, dict[int, list[tuple[date, date]]]] = {call.pk: {} for call in calls}
    values = {"town": active_town_id(), "children": sorted(child_ids), "ended": list(ENDED)}
    for call_id, child_id, first, end in sql.rows(_SPELLS, values) if calls else ():
        spells[call_id].setdefault(child_id, []).append((first, end))
    return [
        EnrolmentAsked(
            call.service_id,
            max(call.begins_on, clock.day_of(call.opens_at), call.year.days.lower),
            call.year.days.upper,
            schools.pupils_at(levels=call.levels, days=call.year.days) if call.levels else None,
            spells[call.pk],
        )
        for call in calls
    ]


_SPELLS = """
select a.call_id, a.child_id, coalesce(step.first, lower(y.days)), coalesce(step.last + 1, upper(y.days))
  from applying_application a
  join applying_enrolmentcall c on c.municipality_id = %(town)s and c.id = a.call_id
  join schools_schoolyear y on y.municipality_id = %(town)s and y.id = c.year_id
  left join lateral (select max(t.first_on) as first, max(t.last_on) as last from applying_applicationstep t
                      where t.municipality_id = %(town)s and t.application_id = a.id) step on true
 where a.municipality_id = %(town)s and a.child_id = any(%(children)s::bigint[])
   and (a.state = 'accepted' or a.state = any(%(ended)s) and step.last is not null)
"""
