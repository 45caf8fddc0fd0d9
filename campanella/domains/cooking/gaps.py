"""What the menus do not say of the diets yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Gap:
    """A dish of a menu that does not say what a diet eats in its place."""

    service_name: str
    week: int
    weekday: int
    dish: str


def gaps(*, codes: Sequence[str], day: date) -> dict[str, list[Gap]]:
    """Return of which dishes the menus that hold on a day or later do not say what these diets eat, by code: one query."""
    found: dict[str, list[Gap]] = {code: [] for code in codes}
    for code, *gap in sql.rows(_GAPS, {"town": active_town_id(), "codes": list(codes), "day": day}):
        found[code].append(Gap(*gap))
    return found


_GAPS = """
select c.code, s.name, d.week, d.weekday, d.name
  from unnest(%(codes)s::text[]) as c(code)
  cross join cooking_menu m
  join services_service s on s.municipality_id = %(town)s and s.id = m.service_id
  join cooking_menudish d on d.municipality_id = %(town)s and d.menu_id = m.id and d.diet_code = ''
 where m.municipality_id = %(town)s and upper(m.days) > %(day)s::date
   and not exists (select from cooking_menudish o
                    where o.municipality_id = %(town)s and o.menu_id = m.id and o.week = d.week and o.weekday = d.weekday
                      and o.position = d.position and o.diet_code = c.code)
 order by c.code, s.position, m.days, d.week, d.weekday, d.position
"""
