"""Questions to INPS, asked for: the last one about a declaration, and which declarations are to be looked up."""

from datetime import datetime

from campanella.domains.enrolment import declared
from campanella.domains.enrolment.models import IseeLookup
from campanella.domains.enrolment.rules import CONCLUSIVE
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def last_lookup(*, declaration_id: int) -> IseeLookup | None:
    """Return the last question to INPS about a declaration: one query."""
    return IseeLookup.objects.filter(declaration_id=declaration_id).order_by("-id").first()


def to_look_up(*, since: datetime, limit: int) -> list[declared.Declaration]:
    """
    Return what waits for the office and INPS has not settled: two queries.

    What was never asked comes first, then what was asked longest ago: one that INPS never answers holds up no other.

    :param since: what INPS did not know of later than that is not asked again
    """
    values = {"town": active_town_id(), "since": since, "conclusive": list(CONCLUSIVE), "limit": limit}
    ids = [pk for (pk,) in sql.rows(_TO_LOOK_UP, values)]
    found = {one.id: one for one in declared.many(ids=ids)}
    return [found[pk] for pk in ids if pk in found]


_TO_LOOK_UP = f"""
select d.id from enrolment_iseedeclaration d
  join people_guardian g on g.municipality_id = %(town)s and g.id = d.payer_id and g.tax_code <> ''
  left join lateral (
    select max(k.asked_at) as at from enrolment_iseelookup k
     where k.municipality_id = %(town)s and k.declaration_id = d.id) l on true
 where d.municipality_id = %(town)s and {declared.UNDECIDED}
   and not exists (
     select from enrolment_iseelookup k where k.municipality_id = %(town)s and k.declaration_id = d.id
        and (k.verdict = any(%(conclusive)s) or k.verdict in ('none', 'refused') and k.asked_at > %(since)s))
 order by l.at nulls first, d.received_on, d.id limit %(limit)s
"""  # noqa: S608  # a text of our own
