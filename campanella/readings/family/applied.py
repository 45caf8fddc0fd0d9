"""What a family's first page tells of enrolment, read by the statement of that page."""

import json
from dataclasses import dataclass
from datetime import timedelta

from campanella.domains.applying import rules
from campanella.domains.places.statements import may_answer
from campanella.readings.family.applications import PILLS

# On the first page, a place that waits for an answer stands before the state of its application.
OFFERED, OFFERED_WORD = {"offered": "warn"}, {"offered": "c’è un posto: rispondi"}

_ANSWERABLE = may_answer(is_open="o.state = 'open'", until="o.until")

# What an adult's first page says of enrolment, in the statement of that page: its applications that wait, or were decided
# lately, as JSON; and whether a call is open.
APPLIED_LATELY = f"""
       (select json_agg(json_build_array(q.id, n.name, case when exists (
                 select from ranking_placeoffer o where o.municipality_id = %(town)s and o.application_id = q.id
                    and {_ANSWERABLE}) then 'offered' else q.state end) order by q.changed_at desc)
          from applying_application q
          join applying_enrolmentcall e on e.municipality_id = %(town)s and e.id = q.call_id
          join services_service n on n.municipality_id = %(town)s and n.id = e.service_id
         where q.municipality_id = %(town)s and (q.guardian_id = any(array(
                 select x.id from people_guardian x where x.municipality_id = %(town)s and x.user_id = %(user)s))
                 or q.guardian_id is null and q.user_id = %(user)s)
           and case when q.state = 'draft'
                    then e.closes_at >= %(now)s and (q.child_id is null or exists (
                      select from people_guardianship g where g.municipality_id = %(town)s
                         and g.child_id = q.child_id and g.guardian_id = q.guardian_id))
                    else q.state in ('sent', 'taken', 'asked') or q.changed_at > %(lately)s end)::text as applications,
       exists (select from applying_enrolmentcall e where e.municipality_id = %(town)s
                  and e.opens_at <= %(now)s and e.closes_at >= %(now)s) as is_enrolling
"""  # noqa: S608
# So long a decision stays on the first page.
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AppliedLately:
    """An application as the family's first page tells it."""

    id: int
    service_name: str
    state: str

    @property
    def pill(self) -> tuple[str, str]:
        """How its state is shown."""
        return (PILLS | OFFERED)[self.state], (rules.STATES | OFFERED_WORD)[self.state]


def applied_lately(told: str | None) -> tuple[AppliedLately, ...]:
    """Read what ``APPLIED_LATELY`` says."""
    return tuple(AppliedLately(*one) for one in json.loads(told)) if told else ()
