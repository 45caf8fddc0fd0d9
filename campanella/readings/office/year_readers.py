"""What a roll-over of the school year says to each family: where its children go, which services go on, what is carried."""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# One adult for each child, as for a closure: who pays, or the next one with an address.
_READERS = """
select distinct on (m.child_id) t.guardian_id, m.child_id, coalesce(g.name || ' · ' || s.name, '')
  from schools_rollmove m
  join people_guardianship t on t.municipality_id = m.municipality_id and t.child_id = m.child_id
  join people_guardian a on a.municipality_id = t.municipality_id and a.id = t.guardian_id and a.email <> ''
  left join schools_classgroup g on g.municipality_id = m.municipality_id and g.id = m.goes_to_id
  left join schools_school s on s.municipality_id = g.municipality_id and s.id = g.school_id
 where m.municipality_id = %(town)s and m.roll_id = %(roll)s
 order by m.child_id, t.is_payer desc, t.id
"""
_PIECE = f"""
with reader (guardian_id, child_id, place) as ({_READERS}), piece as (
  select distinct guardian_id from reader where guardian_id > %(after)s order by 1 limit %(limit)s)
select guardian_id, child_id, place from reader join piece using (guardian_id) order by guardian_id, child_id
"""  # noqa: S608  # written above
_LINES = """
select l.child_id, v.name, case when l.bracket_id is not null then 'on' when l.is_to_ask then 'ask' else 'end' end
  from enrolment_rollline l
  join services_service v on v.municipality_id = l.municipality_id and v.id = l.service_id
 where l.municipality_id = %(town)s and l.roll_id = %(roll)s and l.child_id = any(%(children)s::bigint[])
 order by l.child_id, v.position
"""


@dataclass(frozen=True, slots=True)
class ChildYear:
    """
    What the new year is for a child.

    :ivar place: its class and school; empty where it leaves its school
    :ivar going_on: the services that go on; ``to_ask`` those that end and may be asked for anew, ``ending`` the others
    :ivar wallets: those not at zero: a credit or a debt that is carried
    """

    name: str
    place: str
    going_on: Sequence[str]
    to_ask: Sequence[str]
    ending: Sequence[str]
    wallets: Sequence[WalletView]


def families(*, roll_id: int, after: int, limit: int) -> list[tuple[Guardian, list[ChildYear]]]:
    """
    Return the adults to write to in order of id, each with its children: five queries.

    :param after: the id of the last one of the piece before
    """
    values: sql.Values = {"town": active_town_id(), "roll": roll_id, "after": after, "limit": limit}
    rows = sql.rows(_PIECE, values)
    child_ids = [child_id for _, child_id, _ in rows]
    lines = sql.rows(_LINES, {"town": active_town_id(), "roll": roll_id, "children": child_ids})
    wallets = [one for one in ledger.wallets_of(child_ids=child_ids) if one.balance.cents]
    names = people.called(child_ids=child_ids)
    adults = {adult.pk: adult for adult in people.guardians(guardian_ids=sorted({row[0] for row in rows}))}
    used: dict[int, dict[str, list[str]]] = {}
    for child_id, name, how in lines:
        used.setdefault(child_id, {}).setdefault(how, []).append(name)
    found: dict[int, list[ChildYear]] = {}
    for guardian_id, child_id, place in rows:
        mine = used.get(child_id, {})
        found.setdefault(guardian_id, []).append(
            ChildYear(
                names[child_id],
                place,
                mine.get("on", []),
                mine.get("ask", []),
                mine.get("end", []),
                [one for one in wallets if one.child_id == child_id],
            )
        )
    return [(adults[guardian_id], children) for guardian_id, children in found.items()]
