"""The office's lists of children: filtered, with the columns asked for, a page at a time or all of them for a sheet."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from campanella.domains.enrolment.statements import without_price
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.readings.billing.after import is_paid_after

PAGE = 50
Sorting = Literal["name", "class", "code", "credit", "debt"]
ORDERS: dict[str, str] = {
    "name": "c.name_key, c.id",
    "class": "s.name nulls last, g.name, c.name_key, c.id",
    "code": "c.code, c.id",
    "credit": "credit.cents nulls last, c.name_key, c.id",
    "debt": "credit.debt nulls last, c.name_key, c.id",
}


@dataclass(frozen=True)
class Filter:
    """
    Which children are listed; None and the empty text take everybody.

    :ivar everybody: those too who are in no class on the day
    :ivar bracket_id: of the tariff paid on the day
    :ivar diet: the code served on the day, ``*`` for any
    :ivar below_cents: only those with a wallet below this
    :ivar missing: ``tax_code``, ``birth_date``, ``adult``, ``email`` or ``service``: what the record lacks; ``price`` is one
        that holds on the day
    :ivar without_access: nobody can see them in the portal
    """

    day: date
    school_id: int | None = None
    class_group_id: int | None = None
    service_id: int | None = None
    bracket_id: int | None = None
    diet: str = ""
    below_cents: int | None = None
    missing: str = ""
    without_access: bool = False
    everybody: bool = False


@dataclass(frozen=True)
class Line:
    """
    A child of a list.

    :ivar name: family name first, as lists are sorted; two of one name in the town are told apart
    :ivar services: what it uses on the day, each with its bracket and the price of one use
    :ivar credit: of its lowest wallet; None without any
    :ivar below: the wallets below zero by service, the deepest first
    :ivar payer: who is billed, with where to write and to call; empty without an adult
    """

    id: int
    code: str
    name: str
    tax_code: str
    birth_date: date | None
    school: str
    class_name: str
    services: str
    diet: str
    credit: Euro | None
    credit_service: str
    below: tuple[tuple[str, Euro], ...]
    payer: str
    email: str
    phone: str
    has_access: bool

    @property
    def debt(self) -> Euro | None:
        """What its wallets below zero are together; None where none is."""
        return sum((balance for _, balance in self.below), Euro(0)) if self.below else None


def count(*, chosen: Filter) -> int:
    """Count the children of a list: one query."""
    return counts(chosen=chosen)[0]


def counts(*, chosen: Filter) -> tuple[int, int, Euro]:
    """Count the children of a list and their wallets below the amount it asks for, and sum these: one query."""
    asked = "select count(*), coalesce(sum(credit.below), 0)::bigint, coalesce(sum(credit.owed), 0)::bigint"
    (count, below, owed) = sql.rows(f"{asked} {_FROM}", _values(chosen))[0]
    return count, below, Euro(owed)


def ids(*, chosen: Filter) -> list[int]:
    """Return the children of a list by name: one query."""
    found = sql.rows(f"select c.id {_FROM} order by {ORDERS['name']}", _values(chosen))
    return [child_id for (child_id,) in found]


def page(*, chosen: Filter, order: Sorting, number: int) -> list[Line]:
    """
    Return one page of a list: three queries, whatever the list's length.

    :param number: from 1
    """
    values = {**_values(chosen), "limit": PAGE, "offset": (number - 1) * PAGE}
    found = sql.rows(f"select c.id {_FROM} order by {ORDERS[order]} limit %(limit)s offset %(offset)s", values)
    return _lines([child_id for (child_id,) in found], chosen.day)


def every(*, chosen: Filter, order: Sorting) -> Iterator[Line]:
    """Yield a whole list in pieces, so that memory does not grow with it: one query, and two for each 500 children."""
    found = sql.rows(f"select c.id {_FROM} order by {ORDERS[order]}", _values(chosen))
    every_id = [child_id for (child_id,) in found]
    for start in range(0, len(every_id), _PIECE):
        yield from _lines(every_id[start : start + _PIECE], chosen.day)


def lines(*, child_ids: list[int], day: date) -> list[Line]:
    """Return these children as a list shows them, in this order: two queries."""
    return _lines(child_ids, day)


def diets_served(*, day: date) -> list[str]:
    """Return the codes of the special menus of a day: one query."""
    statement = "select distinct code from enrolment_diet where municipality_id = %s and days @> %s::date order by code"
    return [code for (code,) in sql.rows(statement, [active_town_id(), day])]


def brackets_paid(*, day: date) -> list[tuple[int, str]]:
    """Return the brackets that children pay on a day, by service and price, with their names: one query."""
    return [(pk, f"{service}: {name}, {Euro(cents)}") for pk, service, name, cents in sql.rows(_BRACKETS, _town(day))]


def _lines(child_ids: list[int], day: date) -> list[Line]:
    if not child_ids:
        return []
    found = sql.named_rows(_LINES, {**_town(day), "children": child_ids})
    names = people.register_names(child_ids=child_ids)
    return [_line(row, names[row["id"]]) for row in found]


def _line(row: dict[str, Any], called: str) -> Line:
    cents, names, balances = row.pop("cents"), row.pop("below_names"), row.pop("below_cents")
    owing = tuple((service, Euro(balance)) for service, balance in zip(names or (), balances or (), strict=True))
    return Line(**row, name=called, credit=None if cents is None else Euro(cents), below=owing)


def _town(day: date) -> dict[str, Any]:
    return {"town": active_town_id(), "day": day}


def _values(chosen: Filter) -> dict[str, Any]:
    return {**asdict(chosen), "town": active_town_id()}


_PIECE = 500
# What is paid after the month is no debt of its wallet, and no credit either.
_AFTER = is_paid_after(wallet="w", day="%(day)s::date")

_FROM = f"""
  from people_child c
  left join schools_membership m on m.municipality_id = %(town)s and m.child_id = c.id and m.days @> %(day)s::date
  left join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
  left join schools_school s on s.municipality_id = %(town)s and s.id = g.school_id
  left join lateral (
    select min(w.balance_cents) as cents, count(*) filter (where w.balance_cents < %(below_cents)s::bigint) as below,
           sum(w.balance_cents) filter (where w.balance_cents < %(below_cents)s::bigint) as owed,
           sum(w.balance_cents) filter (where w.balance_cents < 0) as debt
      from ledger_wallet w
     where w.municipality_id = %(town)s and w.child_id = c.id and (w.balance_cents >= 0 or not ({_AFTER}))
  ) credit on true
 where c.municipality_id = %(town)s
   and (m.id is not null or %(everybody)s)
   and (%(school_id)s::bigint is null or s.id = %(school_id)s)
   and (%(class_group_id)s::bigint is null or g.id = %(class_group_id)s)
   and (%(service_id)s::bigint is null or exists (
         select from enrolment_subscription u where u.municipality_id = %(town)s and u.child_id = c.id
            and u.service_id = %(service_id)s and u.days @> %(day)s::date))
   and (%(bracket_id)s::bigint is null or exists (
         select from enrolment_subscription u where u.municipality_id = %(town)s and u.child_id = c.id
            and u.bracket_id = %(bracket_id)s and u.days @> %(day)s::date))
   and (%(diet)s = '' or exists (
         select from enrolment_diet d where d.municipality_id = %(town)s and d.child_id = c.id
            and d.days @> %(day)s::date and (%(diet)s = '*' or d.code = %(diet)s)))
   and (%(below_cents)s::bigint is null or credit.cents < %(below_cents)s)
   and (not %(without_access)s or not {people.HAS_ACCESS})
   and case %(missing)s
         when 'tax_code' then c.tax_code = ''
         when 'birth_date' then c.birth_date is null
         when 'adult' then not exists (
           select from people_guardianship t where t.municipality_id = %(town)s and t.child_id = c.id)
         when 'email' then not exists (
           select from people_guardianship t join people_guardian a on a.municipality_id = %(town)s and a.id = t.guardian_id
            where t.municipality_id = %(town)s and t.child_id = c.id and a.email <> '')
         when 'service' then not exists (
           select from enrolment_subscription u where u.municipality_id = %(town)s and u.child_id = c.id
              and u.days @> %(day)s::date)
         when 'price' then exists (
           select from enrolment_subscription u where u.municipality_id = %(town)s and u.child_id = c.id
              and {without_price(line="u", day="%(day)s::date")})
         else true
       end
"""  # noqa: S608  # the fragment is the owner's, and takes its values as this statement does

_LINES = f"""
select c.id, c.code, c.tax_code, c.birth_date, coalesce(s.name, '') as school,
       coalesce(g.name, '') as class_name, coalesce(used.names, '') as services, coalesce(d.code, '') as diet, lowest.cents,
       coalesce(lowest.service, '') as credit_service, owing.below_names,
       owing.below_cents, coalesce(payer.name, '') as payer, coalesce(payer.email, '') as email,
       coalesce(payer.phone, '') as phone, {people.HAS_ACCESS} as has_access
  from unnest(%(children)s::bigint[]) with ordinality as asked(id, place)
  join people_child c on c.municipality_id = %(town)s and c.id = asked.id
  left join schools_membership m on m.municipality_id = %(town)s and m.child_id = c.id and m.days @> %(day)s::date
  left join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
  left join schools_school s on s.municipality_id = %(town)s and s.id = g.school_id
  left join enrolment_diet d on d.municipality_id = %(town)s and d.child_id = c.id and d.days @> %(day)s::date
  left join lateral (
    select string_agg(v.name || ' (' || b.name || case when u.reduction_percent > 0
                        then ', riduzione ' || u.reduction_percent || '%%' else '' end || ')', '; '
                      order by v.position, v.id) as names
      from enrolment_subscription u
      join services_service v on v.municipality_id = %(town)s and v.id = u.service_id
      join services_bracket b on b.municipality_id = %(town)s and b.id = u.bracket_id
     where u.municipality_id = %(town)s and u.child_id = c.id and u.days @> %(day)s::date
  ) used on true
  left join lateral (
    select w.balance_cents as cents, coalesce(v.name, 'Tutti i servizi') as service
      from ledger_wallet w left join services_service v on v.municipality_id = %(town)s and v.id = w.service_id
     where w.municipality_id = %(town)s and w.child_id = c.id and (w.balance_cents >= 0 or not ({_AFTER}))
     order by w.balance_cents, w.id limit 1
  ) lowest on true
  left join lateral (
    select array_agg(coalesce(v.name, 'Tutti i servizi') order by w.balance_cents, w.id) as below_names,
           array_agg(w.balance_cents order by w.balance_cents, w.id) as below_cents
      from ledger_wallet w left join services_service v on v.municipality_id = %(town)s and v.id = w.service_id
     where w.municipality_id = %(town)s and w.child_id = c.id and w.balance_cents < 0 and not ({_AFTER})
  ) owing on true
  left join lateral (
    select a.family_name || ' ' || a.given_name as name, a.email, a.phone
      from people_guardianship t join people_guardian a on a.municipality_id = %(town)s and a.id = t.guardian_id
     where t.municipality_id = %(town)s and t.child_id = c.id order by t.is_payer desc, t.id limit 1
  ) payer on true
 order by asked.place
"""  # noqa: S608  # the fragment is the owner's, and takes its values as this statement does

_BRACKETS = """
select b.id, v.name, b.name, b.cents
  from services_bracket b
  join services_tariff t on t.municipality_id = %(town)s and t.id = b.tariff_id
  join services_service v on v.municipality_id = %(town)s and v.id = t.service_id
 where b.municipality_id = %(town)s and exists (
   select from enrolment_subscription u
    where u.municipality_id = %(town)s and u.bracket_id = b.id and u.days @> %(day)s::date)
 order by v.position, v.id, b.cents desc, b.id
"""
