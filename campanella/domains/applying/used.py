"""How a child uses the service for which somebody has applied."""

from campanella.domains.applying.models import Application
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.queries import Enrolled


def uses_of(*, application: Application) -> list[Enrolled]:
    """Return how the child uses the service in the year of the call, the earliest first: one query."""
    if application.child_id is None:
        return []
    year = application.call.year.days
    uses = enrolled.uses_of(child_ids=[application.child_id], service_id=application.call.service_id)
    in_year = [one for one in uses if one.first < year.upper and (one.end is None or one.end > year.lower)]
    return sorted(in_year, key=lambda one: one.first)
