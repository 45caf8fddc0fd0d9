"""What families are told when a service runs on other days from a day on, in a school or in one of its classes."""

from datetime import date

from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.events import CalendarChanged
from campanella.foundation.core import clock
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.readings import ways
from campanella.readings.office import rule_readers
from campanella.usecases.messages import closures as letters

# Adults written to in one transaction.
PIECE = 500


@use_case
def tell(
    *, service_id: int, school_id: int, class_group_id: int, first: str, last: str, weekdays: int, act: int, after: int
) -> None:
    """Write to each family whose child uses the service there from then on, once for each change; then to the next piece."""
    now, begins = clock.now(), date.fromisoformat(first)
    if begins <= clock.day_of(now):
        return
    readers = rule_readers.readers_of(
        service_id=service_id,
        school_id=school_id,
        class_group_id=class_group_id or None,
        first=begins,
        after=after,
        limit=PIECE,
    )
    service = next(one for one in services.services() if one.pk == service_id)
    school = next(one for one in schools.schools() if one.pk == school_id)
    if class_group_id:
        group = schools.class_group(class_group_id=class_group_id)
        words = ways.class_days(name=group.name, first=begins, weekdays=None if weekdays < 0 else weekdays)
    else:
        words = ways.season(first=begins, last=date.fromisoformat(last), weekdays=weekdays)
    change = f"{service_id}.{school_id}.{class_group_id}.{act}"
    for guardian in readers:
        letters.calendar_changed(
            service=service.name, school=school.name, guardian=guardian, words=words, act=change, now=now
        )
    if len(readers) == PIECE:
        publish(
            CalendarChanged(
                service_id=service_id,
                school_id=school_id,
                class_group_id=class_group_id,
                first=first,
                last=last,
                weekdays=weekdays,
                act=act,
                after=readers[-1].pk,
            )
        )
