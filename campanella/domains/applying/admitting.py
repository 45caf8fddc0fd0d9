"""Services to which only the enrolled are admitted, and whose application was accepted."""

from collections.abc import Collection
from datetime import date

from campanella.domains.applying.models import Application, EnrolmentCall


def enrolled_on(*, day: date) -> dict[int, set[int]]:
    """Return, of the services that admit only the enrolled on a day, by service the children that are: two queries."""
    calls = EnrolmentCall.objects.filter(year__days__contains=day, admits_only_enrolled=True)
    found: dict[int, set[int]] = {service_id: set() for service_id in calls.values_list("service_id", flat=True)}
    if found:
        accepted = Application.objects.filter(call__in=calls, state="accepted", child__isnull=False)
        for service_id, child_id in accepted.values_list("call__service_id", "child_id"):
            found[service_id].add(child_id)
    return found


def admits(*, service_id: int, child_id: int, days: Collection[date]) -> bool:
    """Tell whether a child may ask for a service on these days, of one school year: two queries at most."""
    if not days:
        return True
    enrolled = enrolled_on(day=min(days))
    return service_id not in enrolled or child_id in enrolled[service_id]
