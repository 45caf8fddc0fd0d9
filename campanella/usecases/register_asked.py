"""Asking families by mail about the meals of children whom the class register calls absent."""

from datetime import date

from campanella.domains.attendance import asked, registered, terms
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import closures as letters


@use_case
def tell(*, service_id: int, day: str, child_ids: list[int]) -> None:
    """
    Ask the adults of these children whether the meal of a day is to be cancelled, each once: nine queries and the letters.

    Nobody is written to once the cut-off is over, or the family has been heard, or where the register does not decide.
    """
    on, now = date.fromisoformat(day), clock.now()
    known = asked.days_of(lines=[(child_id, service_id) for child_id in child_ids], days=[on])
    of_day = terms.on(day=on)
    wanted = {}
    for one in known:
        of = of_day.of(service_id=service_id, school_id=one.school_id)
        if of.mode == "register" and one.is_served and one.is_wanted and not one.closed_because and now <= of.cut_off:
            wanted[one.child_id] = of.cut_off
    open_ones = registered.questions(child_ids=list(wanted), day=on) if wanted else set()
    if not open_ones:
        return
    service = next(service for service in services.services() if service.pk == service_id)
    children = people.children(child_ids=list(wanted))
    for child_id, ties in people.guardians_by_child(child_ids=list(wanted)).items():
        for tie in ties if (child_id, service_id) in open_ones else ():
            letters.register_asks(
                guardian=tie.guardian,
                child=children[child_id],
                service=service.name,
                service_id=service_id,
                day=on,
                until=wanted[child_id],
                now=now,
            )
