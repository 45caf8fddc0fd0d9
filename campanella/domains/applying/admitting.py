"""Services to which only the enrolled are admitted, whose application was accepted, and until when it counts."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q

from campanella.domains.applying.models import Application, ApplicationStep, EnrolmentCall
from campanella.domains.applying.rules import ENDED


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
