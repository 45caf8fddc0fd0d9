"""
What a councillor and the State ask for: meals by month, school and kind, those of the staff on duty, income, coverage.

Everything is summed in the database over confirmed roll-calls and the book; nobody is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from campanella.domains.schools.models import LEVELS
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro, half_up
from campanella.foundation.core.scope import active_town_id

LEVEL_NAMES = dict(LEVELS)

K = TypeVar("K", date, str)


@dataclass(frozen=True, slots=True)
class Uses:
    """
    How a service was used in a school in a month.

    :ivar month: its first day
    :ivar classes: with a confirmed roll-call, and on how many ``days``
    :ivar present: days of presence of children, of which ``due`` are charged
    :ivar adults: who ate with them: teachers and other staff on duty
    """

    month: date
    school_name: str
    level: str
    service: Service
    classes: int
    days: int
    present: int
    due: int
    adults: int


@dataclass(frozen=True, slots=True)
class Income:
    """What a service brought in for the days of a month: charges less what was given back."""

    month: date
    service: Service
    amount: Euro


@dataclass(frozen=True, slots=True)
class Staff:
    """The meals of the staff of a school, as the State's contribution asks for them."""

    school_name: str
    level: str
    classes: int
    days: int
    children: int
    adults: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    What a service brought in, against what it costs.

    :ivar days: days of presence that were charged
    :ivar income: charges less what was given back, of these days
    """

    service: Service
    days: int
    income: Euro

    def rate(self, cost: Euro) -> int | None:
        """
        Return the rate of coverage in tenths of a percent; None where nothing was used or it costs nothing.

        :param cost: of one day of presence
        """
        whole = cost.cents * self.days
        return half_up(self.income.cents * 1000, whole) if whole else None


@dataclass(frozen=True)
class Statistics:
    """The figures of some days: as they were counted, and summed the ways people ask for."""

    uses: Sequence[Uses]
    incomes: Sequence[Income]
    staff: Sequence[Staff]
    catalogue: Sequence[Service]

    @property
    def meals(self) -> list[Uses]:
        """The uses of what is eaten."""
        return [one for one in self.uses if one.service.kind == "meal"]

    @property
    def by_month(self) -> list[tuple[date, int, int]]:
        """Meals of children and of adults, month by month."""
        return _summed(self.meals, lambda one: one.month)

    @property
    def by_level(self) -> list[tuple[str, int, int]]:
        """Meals of children and of adults by the kind of school."""
        return [
            (LEVEL_NAMES[level], children, adults) for level, children, adults in _summed(self.meals, lambda one: one.level)
        ]

    @property
    def income_by_month(self) -> list[tuple[date, Euro]]:
        """What all services together brought in, month by month."""
        months: dict[date, int] = {}
        for one in self.incomes:
            months[one.month] = months.get(one.month, 0) + one.amount.cents
        return [(month, Euro(cents)) for month, cents in sorted(months.items())]

    @property
    def coverage(self) -> list[Coverage]:
        """What each service brought in and for how many days, in the town's order."""
        return [
            Coverage(
                service,
                sum(one.due for one in self.uses if one.service.pk == service.pk),
                Euro(sum(one.amount.cents for one in self.incomes if one.service.pk == service.pk)),
            )
            for service in self.catalogue
        ]


def statistics(*, first: date, last: date) -> Statistics:
    """Return the figures of the days between two, both included: four queries, and two settings around them."""
    catalogue = services.services()
    by_id, by_code = {one.pk: one for one in catalogue}, {one.code: one for one in catalogue}
    values = {"town": active_town_id(), "first": first, "last": last}
    with sql.reading_everything():
        uses = [
            Uses(month, school, level, by_id[service_id], classes, days, present, due, adults)
            for month, school, level, service_id, classes, days, present, due, adults in sql.rows(_USES, values)
        ]
        incomes = [
            Income(month, by_code[code], Euro(cents)) for month, code, cents in sql.rows(_INCOME, values) if code in by_code
        ]
        meals = [one.pk for one in catalogue if one.kind == "meal"]
        staff = [Staff(*row) for row in sql.rows(_STAFF, {**values, "meals": meals})]
    return Statistics(uses, incomes, staff, catalogue)


def _summed(uses: Sequence[Uses], key: Callable[[Uses], K]) -> list[tuple[K, int, int]]:
    found: dict[K, tuple[int, int]] = {}
    for one in uses:
        children, adults = found.get(key(one), (0, 0))
        found[key(one)] = children + one.present, adults + one.adults
    return [(one, children, adults) for one, (children, adults) in sorted(found.items())]


_CALLS = """
  from attendance_rollcall r
  join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
  join schools_school s on s.municipality_id = r.municipality_id and s.id = g.school_id
  left join (
    select roll_call_id, count(*) filter (where is_present) as present, count(*) filter (where is_due) as due
      from attendance_presence where municipality_id = %(town)s and day between %(first)s and %(last)s group by 1
  ) p on p.roll_call_id = r.id
 where r.municipality_id = %(town)s and r.confirmed_at is not null and r.day between %(first)s and %(last)s
"""

_USES = f"""
select date_trunc('month', r.day)::date, s.name, s.level, r.service_id, count(distinct g.id)::int,
       count(distinct r.day)::int, coalesce(sum(p.present), 0)::int, coalesce(sum(p.due), 0)::int, sum(r.adults)::int
{_CALLS} group by 1, s.id, s.name, s.level, r.service_id order by 1, s.level, s.name, r.service_id
"""  # texts of ours

_STAFF = f"""
select s.name, s.level, count(distinct g.id)::int, count(distinct r.day)::int, coalesce(sum(p.present), 0)::int,
       sum(r.adults)::int
{_CALLS} and r.service_id = any(%(meals)s::bigint[]) group by s.id, s.name, s.level order by s.level, s.name
"""  # texts of ours

_INCOME = """
select date_trunc('month', e.day)::date, case when c.kind = 'revenue' then c.code else d.code end,
       sum(case when c.kind = 'revenue' then t.cents else -t.cents end)::bigint
  from ledger_entry e
  join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
  join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
  join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
 where e.municipality_id = %(town)s and e.kind in ('charge', 'fee') and e.day between %(first)s and %(last)s
   and 'revenue' in (c.kind, d.kind) group by 1, 2 order by 1, 2
"""
