"""What families answered when the class register called their children absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import answers, registered, terms
from campanella.domains.attendance.fact_rules import answers_to_register
from campanella.domains.attendance.registered import Noted
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# The first absence of each child's day.
_ABSENT = """
select e.child_id, s.id, g.name, h.id, h.name, s.name, e.received_at
  from (select child_id, service_id, min(received_at) as received_at, min(class_group_id) as class_group_id
          from attendance_dayevent
         where municipality_id = %(town)s and day = %(day)s and channel = 'register' and not is_on and counts
           and against is null
         group by child_id, service_id) e
  join people_child c on c.municipality_id = %(town)s and c.id = e.child_id
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = e.class_group_id
  join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
  join services_service s on s.municipality_id = %(town)s and s.id = e.service_id
 order by h.name, g.name, c.name_key, c.id, s.position limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A child whom the register called absent before the cut-off, and what its family said.

    :ivar action: of its first request since that counts: ``cancel``, ``keep``, ``undo`` or another; empty while it has said
        nothing
    :ivar counts: it was accepted
    """

    child_id: int
    child: str
    class_name: str
    school_name: str
    service_name: str
    said_at: datetime
    cut_off: datetime
    action: str
    number: str
    answered_at: datetime | None
    counts: bool


def asked(*, day: date, limit: int = 300) -> list[Asked]:
    """Return who was asked about a day, by school and class: six queries; none where no register decides."""
    of_day = terms.on(day=day)
    rows = list(sql.rows(_ABSENT, {"town": active_town_id(), "day": day, "limit": limit}))
    child_ids = sorted({child_id for child_id, *_ in rows})
    names = people.register_names(child_ids=child_ids)
    noted = registered.noted_on(child_ids=child_ids, day=day) if child_ids else {}
    heard = {line: _answer(events) for line, events in noted.items()}
    acts = answers.acts_of(request_ids={one.request_id for one in heard.values() if one and one.request_id})
    found = []
    for child_id, service_id, class_name, school_id, school, service, said_at in rows:
        of = of_day.of(service_id=service_id, school_id=school_id)
        if of.mode != "register" or said_at > of.cut_off:
            continue
        place, answer = (class_name, school, service), heard.get((child_id, service_id))
        number, action = acts[answer.request_id] if answer and answer.request_id else ("", "")
        told = ("undo" if answer and answer.kind == "undone" else action, number)
        when = (answer.received_at, answer.counts) if answer else (None, False)
        found.append(Asked(child_id, names[child_id], *place, said_at, of.cut_off, *told, *when))
    return found


def _answer(events: Sequence[Noted]) -> Noted | None:
    """Return what answers the question, else the first thing that was refused."""
    since = answers_to_register(events)
    return next((event for event in since if event.counts), next(iter(since), None))
