"""
What a kitchen is ordered: the state of a day as it was at the cut-off, and what has come since.

The order is read from the events that had come by then, not from what a day has become: a sheet that is frozen late, after
the worker was down, says what it would have said in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from campanella.domains.attendance.statements.order import LAST_FIRST
from campanella.domains.attendance.statements.sheets import ATTENDS, BY_DEFAULT
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.cooking.rules import Changed, Order, Special
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id

DAY = timedelta(days=1)
Kind = Literal["more", "less", "menu", "adults"]


@dataclass(frozen=True)
class Addition:
    """
    What changed after a sheet was frozen.

    :ivar kind: a meal more (present, not ordered), a meal less (a request that counts, come after the freeze), another
        menu for somebody who was ordered, or adults more
    :ivar child_id: 0 for adults
    :ivar special: what the child eats now in the place of the usual menu
    """

    kind: Kind
    at: datetime | None
    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    child_id: int
    count: int
    special: Special | None

    @property
    def meals(self) -> int:
        """By how much it changes the number of meals."""
        return {"more": self.count, "adults": self.count, "less": -self.count, "menu": 0}[self.kind]


@dataclass(frozen=True)
class Added:
    """
    Additions of one class that are alike, as the kitchen reads them.

    :ivar sign: "+1", "−2", or how many change their menu
    """

    kind: Kind
    at: datetime | None
    school_id: int
    school_name: str
    class_name: str
    sign: str
    sentence: str


def as_of(*, day: date, service_id: int, cut_offs: Mapping[int, datetime]) -> list[Order]:
    """
    Return what the classes of these schools order, as the day stood at each school's cut-off: three queries.

    Days without service are not known here, as in ``attendance.queries.board``.

    :param cut_offs: the cut-off by school
    """
    values = {
        "town": active_town_id(),
        "service": service_id,
        "day": day,
        "schools": list(cut_offs),
        "cut_offs": list(cut_offs.values()),
    }
    adults = dict(sql.rows(_ADULTS, values))
    shifts = cooking.shifts()
    classes: dict[int, tuple[int, str, str]] = {}
    eating: dict[int, list[int]] = {}
    special: dict[int, dict[int, Special]] = {}
    for school_id, school, group, name, child_id, eats, *menu in sql.rows(_AS_OF, values):
        classes[group] = (school_id, school, name)
        if eats:
            eating.setdefault(group, []).append(child_id)
            if meal := _special(*menu):
                special.setdefault(group, {})[child_id] = meal
    return [
        Order(
            school_id=school_id,
            school_name=school,
            class_group_id=group,
            class_name=name,
            shift=shifts.get(group, 0),
            cut_off=cut_offs[school_id],
            adults=adults.get(group, 0),
            child_ids=tuple(eating.get(group, [])),
            special=special.get(group, {}),
        )
        for group, (school_id, school, name) in classes.items()
    ]


def additions(*, sheet: KitchenSheet) -> list[Addition]:
    """
    Return what changed since a sheet was frozen, in the order in which it came: one query.

    A child whom the school marks absent after the freeze stays ordered: the meal is cooked. With the day the additions are
    over: what the office puts right later is of the account, no plate was brought for it.
    """
    values = {
        "town": active_town_id(),
        "sheet": sheet.pk,
        "service": sheet.service_id,
        "day": sheet.day,
        "as_of": sheet.as_of,
        "end": clock.rome(sheet.day + DAY, time(0)),
    }
    return [
        Addition(kind, at, school_id, school, group, name, child, count, _special(*menu))
        for kind, at, school_id, school, group, name, child, count, *menu in sql.rows(_ADDITIONS, values)
    ]


def _special(code: str, menu: str, is_white: bool, is_packed: bool) -> Special | None:  # as a row has them
    return Special(code, menu, is_white, is_packed) if code or is_white or is_packed else None


def told(added: Sequence[Addition]) -> list[Added]:
    """Tell additions class by class, those alike together, in the order in which the last of them came."""
    alike: dict[tuple[Kind, int, str], list[Addition]] = {}
    for one in added:
        alike.setdefault((one.kind, one.class_group_id, one.special.label if one.special else ""), []).append(one)
    return [_told(together) for together in alike.values()]


def changed(one: Added, *, now: datetime) -> Changed:
    """Return an addition as the next number of the sheet keeps it; what has no instant of its own is of now."""
    at = (one.at or now).isoformat()
    return Changed(one.school_id, one.school_name, one.class_name, one.sign, one.sentence, at)


def joined(order: Order, *, now: datetime) -> Changed:
    """Return a class of a school that was on no sheet of the day, as the next number of a kitchen's sheet tells it."""
    place = (order.school_id, order.school_name, order.class_name)
    return Changed(*place, f"+{order.total}", "classe che si aggiunge al foglio", now.isoformat())


def _told(together: Sequence[Addition]) -> Added:
    last, count = together[-1], sum(one.count for one in together)
    sentence = {
        "more": "un pasto in più, arrivato dopo" if count == 1 else "pasti in più, arrivati dopo",
        "less": "un pasto in meno, disdetta arrivata dopo" if count == 1 else "pasti in meno, disdette arrivate dopo",
        "menu": "cambia il menù",
        "adults": "un adulto in più" if count == 1 else "adulti in più",
    }[last.kind]
    if last.kind in ("more", "menu"):
        sentence += f": {last.special.label}" if last.special else ": menù di tutti" if last.kind == "menu" else ""
    sign = {"more": f"+{count}", "adults": f"+{count}", "less": f"−{count}", "menu": str(count)}[last.kind]
    return Added(last.kind, last.at, last.school_id, last.school_name, last.class_name, sign, sentence)


def with_additions(orders: Sequence[Order], added: Sequence[Addition], *, as_of: datetime) -> list[Order]:
    """
    Return what is to be brought: the orders of a sheet, with what changed since; one query for classes that are not on it.

    :param as_of: of the sheet; the cut-off of a class that is not on it
    """
    found = {order.class_group_id: order for order in orders}
    shifts = cooking.shifts() if any(one.class_group_id not in found for one in added) else {}
    for one in added:
        shift = shifts.get(one.class_group_id, 0)
        empty = Order(one.school_id, one.school_name, one.class_group_id, one.class_name, shift, as_of, 0, (), {})
        found[one.class_group_id] = _added(found.get(one.class_group_id, empty), one)
    return list(found.values())


def _added(order: Order, one: Addition) -> Order:
    children = tuple(child for child in order.child_ids if child != one.child_id)
    special = {child: menu for child, menu in order.special.items() if child != one.child_id}
    if one.kind in ("more", "menu"):
        children = (*children, one.child_id) if one.kind == "more" else order.child_ids
        special |= {one.child_id: one.special} if one.special else {}
    return Order(
        order.school_id,
        order.school_name,
        order.class_group_id,
        order.class_name,
        order.shift,
        order.cut_off,
        order.adults + (one.count if one.kind == "adults" else 0),
        children,
        special,
    )


# Marks and requests by the order that decides (``attendance.rules.Fact.rank``), as far as they had come by the cut-off.
_AS_OF = f"""
with due as (
  select d.school_id, d.cut_off from unnest(%(schools)s::bigint[], %(cut_offs)s::timestamptz[]) as d(school_id, cut_off)
), child as (
  select g.school_id, h.name as school_name, m.class_group_id, g.name as class_name, m.child_id, d.cut_off,
         {ATTENDS} as attends, {BY_DEFAULT} as by_default,
         r.confirmed_at <= d.cut_off and p.id is null as came_later
    from due d
    join schools_school h on h.municipality_id = %(town)s and h.id = d.school_id
    join schools_classgroup g on g.municipality_id = %(town)s and g.school_id = d.school_id
    join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = g.id and m.days @> %(day)s::date
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
     and s.service_id = %(service)s and s.days @> %(day)s::date
    left join attendance_rollcall r on r.municipality_id = %(town)s and r.class_group_id = m.class_group_id
     and r.service_id = %(service)s and r.day = %(day)s
    left join attendance_presence p on p.municipality_id = %(town)s and p.child_id = m.child_id
     and p.service_id = %(service)s and p.day = %(day)s
), come as (
  select c.child_id, e.kind, e.is_on, e.is_white, e.is_packed, e.level, e.made_at, e.device_id, e.seq, e.id, e.event_id,
         e.request_id
    from attendance_dayevent e
    join child c on c.child_id = e.child_id
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts
     and e.received_at <= c.cut_off
), said as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white from come e
   where e.kind in ('marked', 'arrived', 'corrected')
   order by e.child_id, {LAST_FIRST}
), asked as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.is_on and e.is_packed as is_packed from come e
   where e.kind = 'asked' and not exists (select from come u where u.kind = 'undone' and u.child_id = e.child_id
                                             and u.request_id = e.request_id)
   order by e.child_id, {LAST_FIRST}
)
select c.school_id, c.school_name, c.class_group_id, c.class_name, c.child_id,
       coalesce(said.is_on, asked.is_on, c.by_default) and not coalesce(c.came_later, false), coalesce(d.code, ''),
       coalesce(d.menu, ''), case when said.child_id is null then coalesce(asked.is_white, false) else said.is_white end,
       coalesce(asked.is_packed, false)
  from child c
  left join said on said.child_id = c.child_id
  left join asked on asked.child_id = c.child_id
  left join enrolment_diet d on d.municipality_id = %(town)s and d.child_id = c.child_id and d.days @> %(day)s::date
 where c.attends or said.is_on
 order by c.school_name, c.school_id, c.class_name, c.class_group_id, c.child_id
"""  # noqa: S608  # fragments written by attendance and enrolment

_ADULTS = f"""
select distinct on (e.class_group_id) e.class_group_id, e.adults
  from attendance_dayevent e
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = e.class_group_id
  join unnest(%(schools)s::bigint[], %(cut_offs)s::timestamptz[]) as d(school_id, cut_off) on d.school_id = g.school_id
 where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.kind in ('adults', 'confirmed')
   and e.adults is not null and e.counts and e.received_at <= d.cut_off
 order by e.class_group_id, {LAST_FIRST}
"""  # noqa: S608  # the order is attendance's

# What was received in time and written a moment later than the freeze is a meal less as well: the sheet could not see it.
_ADDITIONS = f"""
with line as (
  select l.school_id, l.school_name, l.class_group_id, l.class_name, l.cut_off, l.adults, l.child_ids, l.special
    from cooking_sheetline l where l.municipality_id = %(town)s and l.sheet_id = %(sheet)s
), ordered as (
  select l.school_id, l.school_name, l.class_group_id, l.class_name, l.cut_off, x.child_id,
         coalesce(l.special -> x.child_id::text ->> 0, '') as code,
         coalesce((l.special -> x.child_id::text ->> 2)::bool, false) as white,
         coalesce((l.special -> x.child_id::text ->> 3)::bool, false) as packed
    from line l cross join lateral unnest(l.child_ids) as x(child_id)
), said as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.received_at
    from attendance_dayevent e
    join attendance_presence p on p.municipality_id = %(town)s and p.child_id = e.child_id
     and p.service_id = %(service)s and p.day = %(day)s and p.marked_at >= %(end)s
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts
     and e.kind in ('marked', 'arrived', 'corrected') and e.received_at < %(end)s
   order by e.child_id, {LAST_FIRST}
), present as (
  select p.child_id, coalesce(e.is_on, p.is_present) as is_present, coalesce(e.is_white, p.is_white) as is_white,
         coalesce(e.received_at, p.marked_at) as marked_at, g.school_id, h.name as school_name, g.id as class_group_id,
         g.name as class_name
    from attendance_rollcall r
    join attendance_presence p on p.municipality_id = %(town)s and p.roll_call_id = r.id
    left join said e on e.child_id = p.child_id
    join schools_classgroup g on g.municipality_id = %(town)s and g.id = r.class_group_id
    join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
   where r.municipality_id = %(town)s and r.day = %(day)s and r.service_id = %(service)s
     and g.school_id in (select school_id from line) and (p.marked_at < %(end)s or e.child_id is not null)
), wish as (
  select b.child_id, b.is_booked, b.is_white, b.is_booked and b.is_packed as is_packed, q.received_at
    from attendance_booking b
    join attendance_familyrequest q on q.municipality_id = %(town)s and q.id = b.request_id
   where b.municipality_id = %(town)s and b.day = %(day)s and b.service_id = %(service)s and q.received_at < %(end)s
), diet as (
  select d.child_id, d.code, d.menu from enrolment_diet d where d.municipality_id = %(town)s and d.days @> %(day)s::date
), adults as (
  select distinct on (e.class_group_id) e.class_group_id, e.adults, e.received_at
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s
     and e.kind in ('adults', 'confirmed') and e.adults is not null and e.counts and e.received_at < %(end)s
     and e.class_group_id in (select class_group_id from line)
   order by e.class_group_id, {LAST_FIRST}
)
select 'more' as kind, p.marked_at as at, p.school_id, p.school_name, p.class_group_id, p.class_name, p.child_id, 1,
       coalesce(d.code, ''), coalesce(d.menu, ''), p.is_white, coalesce(w.is_packed, false)
  from present p
  left join wish w on w.child_id = p.child_id
  left join diet d on d.child_id = p.child_id
 where p.is_present and not exists (select from ordered o where o.child_id = p.child_id)
union all
select 'less', coalesce(w.received_at, p.marked_at), o.school_id, o.school_name, o.class_group_id, o.class_name, o.child_id,
       1, '', '', false, false
  from ordered o
  left join wish w on w.child_id = o.child_id and not w.is_booked
  left join present p on p.child_id = o.child_id
 where not coalesce(p.is_present, false)
   and (w.received_at > %(as_of)s or p.marked_at <= o.cut_off or (w.child_id is not null and not exists (
          select from attendance_dayevent e where e.municipality_id = %(town)s and e.child_id = o.child_id
             and e.day = %(day)s and e.service_id = %(service)s and e.kind = 'marked' and e.is_on
             and e.received_at <= %(as_of)s)))
union all
select 'menu',
       case when o.code = coalesce(d.code, '') then greatest(p.marked_at, w.received_at)
            else (select max(x.decided_at) from enrolment_dietproposal x
                   where x.municipality_id = %(town)s and x.child_id = o.child_id and x.is_confirmed
                     and x.decided_at < %(end)s) end,
       o.school_id, o.school_name, o.class_group_id, o.class_name, o.child_id, 1,
       coalesce(d.code, ''), coalesce(d.menu, ''), coalesce(p.is_white, w.is_white, false),
       coalesce(w.is_packed, false)
  from ordered o
  left join present p on p.child_id = o.child_id
  left join wish w on w.child_id = o.child_id
  left join diet d on d.child_id = o.child_id
 where coalesce(p.is_present, w.is_booked, true)
   and (o.code, o.white, o.packed) is distinct from
       (coalesce(d.code, ''), coalesce(p.is_white, w.is_white, false), coalesce(w.is_packed, false))
union all
select 'adults', r.received_at, l.school_id, l.school_name, l.class_group_id, l.class_name, 0, r.adults - l.adults, '', '',
       false, false
  from line l
  join adults r on r.class_group_id = l.class_group_id and r.adults > l.adults
 order by at nulls last, school_name, class_name, child_id
"""  # noqa: S608  # the order is attendance's
