"""What fees that ask what a tariff says ask of each child, by the auditor's own way: out of the text of the tariff."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings.proofs import tariff_sums, tariffs


def reckoned() -> dict[int, int]:
    """Return by what is owed of such fees the price that it is made of, in cents, before any reduction by hand."""
    town = {"town": active_town_id()}
    rules: dict[int, list[Mapping[str, Any]]] = {}
    for fee_id, every, text in sql.rows(_FEES, town):
        rule = yaml.safe_load(text)["tariffs"][0]
        if rule.get("unit", "day") == every:
            rules.setdefault(fee_id, []).append(rule)
    if not rules:
        return {}
    isee = tariffs.declared()
    with sql.reading_everything():
        asked = sql.named_rows(_DUES + tariffs.PEOPLE, town | {"fees": sorted(rules)})
    prices = {}
    for fee_id, due_id, row in ((row["tariff_id"], row["id"], row) for row in asked):
        for rule in rules[fee_id]:
            if tariff_sums.day(rule["from"]) <= row["day"] <= tariff_sums.day(rule["to"]):
                case = tariffs.facts(rule, row, isee.get(row["payer_id"], []), row["first"])
                prices[due_id] = int((tariff_sums.price(rule, case) or Decimal(0)) * 100)
    return prices


_FEES = """
select f.fee_id, e.every, t.scheme from billing_feeprice f
  join billing_fee e on e.municipality_id = %(town)s and e.id = f.fee_id
  join services_bracket b on b.municipality_id = %(town)s and b.id = f.bracket_id and b.code = '0'
  join services_tariff t on t.municipality_id = %(town)s and t.id = b.tariff_id and t.scheme <> ''
 where f.municipality_id = %(town)s
"""

# Each instalment as if it were a subscription of its own: looked at on the first day on which the child uses the service.
_DUES = """
with line as (
  select o.id, o.child_id, o.service_id, o.fee_id as tariff_id, 0 as cents, s.reduction_percent, s.weekdays,
         c.birth_date as born, since.first, greatest(lower(s.days), lower(o.days)) as day, since.first as last
    from billing_feedue o
    join people_child c on c.municipality_id = %(town)s and c.id = o.child_id
   cross join lateral (
     select u.* from enrolment_subscription u
      where u.municipality_id = %(town)s and u.child_id = o.child_id and u.service_id = o.service_id and u.days && o.days
      order by u.days limit 1) s
   cross join lateral (
     -- Since when the child uses the service at this price list without a break.
     with recursive back as (
       select lower(s.days) as first, s.bracket_id
        union
       select lower(u.days), u.bracket_id from back k
         join services_bracket was on was.municipality_id = %(town)s and was.id = k.bracket_id
         join enrolment_subscription u on u.municipality_id = %(town)s and u.child_id = o.child_id
          and u.service_id = o.service_id and upper(u.days) = k.first
         join services_bracket b on b.municipality_id = %(town)s and b.id = u.bracket_id and b.tariff_id = was.tariff_id)
     select min(first) as first from back) since
   where o.municipality_id = %(town)s and o.fee_id = any(%(fees)s::bigint[])
), asked as (
  select id, day from line
"""
