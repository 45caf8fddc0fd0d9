"""
What reckoned tariffs cost, by a way of its own: out of the text of each tariff, in decimals, asked from the day backwards.

Nothing is shared with what prices a subscription but the YAML library. A day is looked at where a subscription begins and
ends, and on the first of each month between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import yaml

from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town
from campanella.readings.proofs import tariff_sums
from campanella.readings.proofs.enrolled import Enrolled

PROMISE = "a subscription to a reckoned tariff costs what the tariff says"
A_DAY = timedelta(days=1)
Row = Mapping[str, Any]


def violations() -> list[Violation]:
    """Return every subscription whose price is not its tariff's on some day; an empty list is as it should be."""
    return list(_wrong())


def _wrong() -> Iterator[Violation]:
    town = {"town": active_town_id()}
    rules = {row["id"]: yaml.safe_load(row["scheme"])["tariffs"][0] for row in sql.named_rows(_TARIFFS, town)}
    rules = {pk: rule for pk, rule in rules.items() if rule.get("unit", "day") == "day"}
    if not rules:
        return
    isee = declared()
    with sql.reading_everything():
        asked = sql.named_rows(_DAYS + PEOPLE, town | {"tariffs": sorted(rules)})
    enrolled = Enrolled.read() if any("not_enrolled" in rule for rule in rules.values()) else Enrolled({}, {})
    since = _since(asked, rules, _stretches(town, rules))
    for row in asked:
        rule = rules[row["tariff_id"]]
        first, last = tariff_sums.day(rule["from"]), tariff_sums.day(rule["to"])
        if not first <= row["day"] <= last:
            continue
        case = facts(rule, row, isee.get(row["payer_id"], []), since[row["id"]])
        who = {name: row[name] for name in ("service_id", "child_id", "day")}
        price = tariff_sums.price(rule, replace(case, is_enrolled=enrolled.is_enrolled(**who)))
        if price is None:
            continue
        off = (price * (100 - row["reduction_percent"]) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        was = (Decimal(row["cents"]) * (100 - row["reduction_percent"]) / 100).quantize(Decimal(1), ROUND_HALF_UP)
        if was != off * 100:
            where = f"subscription {row['id']} (child {row['child_id']}, {row['day']})"
            yield Violation(PROMISE, where, int(was - off * 100))


def _stretches(town: Row, rules: Mapping[int, Row]) -> list[dict[str, Any]]:
    """Return all subscriptions of the town where a tariff took another's place within its season."""
    return sql.named_rows(_STRETCHES, town) if any("season_from" in rule for rule in rules.values()) else []


def _since(asked: list[dict[str, Any]], rules: Mapping[int, Row], stretches: list[dict[str, Any]]) -> dict[int, date]:
    """Return by subscription since when the child uses the service without a break: at this tariff, or in its season."""
    ends = {(row["child_id"], row["service_id"], row["tariff_id"], row["last"]): row["first"] for row in asked}
    any_ends = {(row["child_id"], row["service_id"], row["last"]): row["first"] for row in stretches}
    found = {}
    for row in asked:
        first, season = row["first"], rules[row["tariff_id"]].get("season_from")
        while True:
            key = (row["child_id"], row["service_id"], row["tariff_id"], first - A_DAY)
            begun = ends.get(key)
            if begun is None and season and tariff_sums.day(season) < first:
                begun = any_ends.get((row["child_id"], row["service_id"], first - A_DAY))
            if begun is None:
                break
            first = begun
        found[row["id"]] = first
    return found


def declared() -> dict[int, list[Row]]:
    """Return by payer the ISEE that may count: one query."""
    choices, found = active_town().chosen(IseeChoices), dict[int, list[Row]]()
    values = {"unchecked": choices.isee_counts_at_once, "omissions": choices.isee_counts_with_omissions}
    for row in sql.named_rows(_ISEE, {"town": active_town_id(), **values}):
        found.setdefault(row["payer_id"], []).append(row)
    return found


def facts(rule: Row, row: Row, isee: list[Row], since: date) -> tariff_sums.Case:
    """Return what the price of one day is made of."""
    first = tariff_sums.day(rule.get("season_from", rule["from"]))
    good = [one for one in isee if tariff_sums.counts(rule, one["received_on"], one["valid_until"], row["day"], first)]
    holding = max(good or isee, key=lambda one: (one["received_on"], one["id"]), default=None)
    counts = bool(good)
    wants_same = rule.get("siblings", "same_service") == "same_service"
    # Twins stand in the order of their ids, whichever of the siblings is the first.
    sign = -1 if rule.get("first_child", "oldest") == "youngest" else 1
    mine = (sign * (row["born"] or date.max).toordinal(), row["child_id"])
    others = [
        (sign * (date.fromisoformat(born) if born else date.max).toordinal(), pk)
        for born, pk, is_same in row["siblings"]
        if is_same or not wants_same
    ]
    before = sum(1 for one in others if one < mine)
    return tariff_sums.Case(
        day=row["day"],
        isee=Decimal(holding["cents"]) / 100 if holding and counts else None,
        household=holding["household"] if holding else None,
        place=before + 1,
        is_resident=row["is_resident"],
        words=frozenset(row["words"]),
        weekdays=row["weekdays"],
        since=since,
    )


_TARIFFS = "select id, scheme from services_tariff where municipality_id = %(town)s and scheme <> ''"

_STRETCHES = """
select s.child_id, s.service_id, lower(s.days) as first, upper(s.days) - 1 as last from enrolment_subscription s
 where s.municipality_id = %(town)s and not upper_inf(s.days)
"""

_ISEE = """
select d.payer_id, d.id, d.cents, d.received_on, d.valid_until, d.household from enrolment_iseedeclaration d
 where d.municipality_id = %(town)s and (%(omissions)s or not d.has_omissions)
   and coalesce((array(select c.state from enrolment_iseedecision c
                        where c.municipality_id = %(town)s and c.declaration_id = d.id order by c.id desc))[1],
                case when %(unchecked)s then 'checked' else 'declared' end) = 'checked'
"""

_DAYS = """
with line as (
  select s.*, b.tariff_id, b.cents, c.birth_date as born,
         lower(s.days) as first, coalesce(upper(s.days), upper(t.days)) - 1 as last
    from enrolment_subscription s
    join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
    join services_tariff t on t.municipality_id = %(town)s and t.id = b.tariff_id
    join people_child c on c.municipality_id = %(town)s and c.id = s.child_id
   where s.municipality_id = %(town)s and b.tariff_id = any(%(tariffs)s::bigint[])
), asked as (
  select distinct l.id, d.day::date as day from line l
   cross join lateral (
     select l.first::timestamp as day union select l.last::timestamp
      union select generate_series(date_trunc('month', l.first) + interval '1 month', l.last, interval '1 month')) d
   where d.day between l.first and l.last
"""
# For each day looked at: who pays then, who the siblings are then, and what is on record of the child.
PEOPLE = """
), stay as (
  select t.child_id, t.guardian_id as payer_id, coalesce(max(p.first), '-infinity') as first, 'infinity'::date as until
    from people_guardianship t
    left join enrolment_payerchange p on p.municipality_id = %(town)s and p.child_id = t.child_id
   where t.municipality_id = %(town)s and t.is_payer group by t.child_id, t.guardian_id
   union all
  select p.child_id, p.before_id, coalesce(lag(p.first) over w, '-infinity'), p.first
    from enrolment_payerchange p where p.municipality_id = %(town)s
  window w as (partition by p.child_id order by p.first, p.id)
), paid as (
  select a.id, a.day, l.child_id, l.service_id, m.payer_id from asked a
    join line l on l.id = a.id
    left join stay m on m.child_id = l.child_id and m.first <= a.day and a.day < m.until
), sibling as (
  select p.id, p.day, c.id as child_id, c.birth_date, bool_or(e.service_id = p.service_id) as same from paid p
    join stay n on n.payer_id = p.payer_id and n.child_id <> p.child_id and n.first <= p.day and p.day < n.until
    join people_child c on c.municipality_id = %(town)s and c.id = n.child_id
    join enrolment_subscription e on e.municipality_id = %(town)s and e.child_id = n.child_id and e.days @> p.day
   group by p.id, p.day, c.id, c.birth_date
), siblings as (
  select id, day, json_agg(json_build_array(birth_date, child_id, same)) as told from sibling group by id, day
), fact as (
  select distinct on (p.id, p.day) p.id, p.day, f.is_resident, f.words from paid p
    join enrolment_childfact f on f.municipality_id = %(town)s and f.child_id = p.child_id and f.first <= p.day
   order by p.id, p.day, f.first desc, f.id desc
)
select l.id, l.child_id, l.tariff_id, l.cents, l.reduction_percent, p.day, p.payer_id, l.born,
       case when bit_count((l.weekdays & 31)::int::bit(7)) > 0 then bit_count((l.weekdays & 31)::int::bit(7))
            else bit_count(l.weekdays::int::bit(7)) end as weekdays,
       coalesce(f.is_resident, true) as is_resident, coalesce(f.words, '{}') as words,
       l.service_id, l.first, l.last, coalesce(s.told, '[]') as siblings
  from paid p
  join line l on l.id = p.id
  left join siblings s on s.id = p.id and s.day = p.day
  left join fact f on f.id = p.id and f.day = p.day
"""
