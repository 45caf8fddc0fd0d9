"""
A city of 8,050 children in 360 classes of 40 schools, with two services and three tariffs, written by set-based SQL.

Only the measured work goes through the product; the stage is set as fast as the database allows.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import psycopg

from campanella.foundation.core import clock

CHILDREN = 8050
FAMILY_PASSWORD = "una-buona-password"
# The year goes on for two months yet: the days charged lie behind today, whose roll-calls the web benchmark takes.
FIRST = clock.today() - timedelta(days=300)
END = FIRST + timedelta(days=365)


@dataclass(frozen=True)
class Size:
    """How large a town is; ``riders`` children use the bus as well."""

    children: int
    classes: int
    schools: int
    riders: int


BIG = Size(children=CHILDREN, classes=360, schools=40, riders=1150)
LARGE = Size(children=25_000, classes=1_100, schools=120, riders=3_600)
SMALL = Size(children=1240, classes=56, schools=7, riders=180)


@dataclass(frozen=True)
class City:
    """The ids the benchmarks need."""

    town_id: int
    host: str
    tax_code: str
    meal_id: int
    bus_id: int
    class_ids: list[int]


def build(url: str, *, slug: str = "bench", tax_code: str = "00142920439", size: Size = BIG) -> City:
    """Write the city as the owner of the tables."""
    with psycopg.connect(url) as owner:
        town = _value(
            owner,
            """insert into tenants_municipality (slug, name, tax_code, province, hosts, choices)
               values (%s, 'Comune di Prova', %s, 'PU', %s, %s) returning id""",
            [slug, tax_code, [f"{slug}.localhost"], psycopg.types.json.Jsonb({"iban": "IT60X0542811101000000123456"})],
        )
        owner.execute("select set_config('app.town', %s, true)", [str(town)])
        values = {"town": town, "first": FIRST, "end": END, **asdict(size)}
        for statement in _STAGE:
            owner.execute(statement, values)
        city = City(
            town,
            f"{slug}.localhost",
            tax_code,
            _value(owner, "select id from services_service where municipality_id = %s and code = 'mensa'", [town]),
            _value(owner, "select id from services_service where municipality_id = %s and code = 'scuolabus'", [town]),
            [
                row[0]
                for row in owner.execute("select id from schools_classgroup where municipality_id = %s order by id", [town])
            ],
        )
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    return city


def _value(connection: "psycopg.Connection[Any]", statement: str, values: Any = None) -> Any:
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None


_STAGE = [
    """insert into schools_schoolyear (municipality_id, name, days)
        values (%(town)s, '2026/27', daterange(%(first)s, %(end)s))""",
    """insert into schools_school (municipality_id, name, level, code)
        select %(town)s, 'Scuola ' || n, (array['infanzia', 'primaria', 'secondaria'])[1 + n %% 3], 's' || n
          from generate_series(1, %(schools)s) n""",
    """insert into schools_classgroup (municipality_id, school_id, year_id, name)
        select %(town)s, s.id, y.id, (n / %(schools)s + 1) || 'A' from generate_series(0, %(classes)s - 1) n
          join schools_school s on s.code = 's' || (1 + n %% %(schools)s) cross join schools_schoolyear y""",
    """insert into services_service (municipality_id, code, name, kind, unit, units, taxonomy, position) values
        (%(town)s, 'mensa', 'Refezione', 'meal', 'pasto', 'pasti', '9/0107101TS/', 0),
        (%(town)s, 'scuolabus', 'Scuolabus', 'bus', 'giorno', 'giorni', '9/0107102SP/', 1)""",
    """insert into services_servicecalendar (municipality_id, service_id, school_id, days, weekdays)
        select %(town)s, v.id, s.id, daterange(%(first)s, %(end)s), 127
          from services_service v cross join schools_school s""",
    """insert into services_tariff (municipality_id, service_id, code, name, level, days)
        select %(town)s, id, code || '-26', name, '', daterange(%(first)s, %(end)s) from services_service""",
    """insert into services_bracket (municipality_id, tariff_id, code, name, isee_up_to_cents, cents)
        select %(town)s, t.id, b.code, b.name, b.isee, b.cents from services_tariff t
          cross join (values ('a', 'fino a 6.000', 600000, 170), ('b', 'fino a 16.000', 1600000, 340),
                                   ('z', 'intera', null, 590))
               as b(code, name, isee, cents)""",
    """insert into people_child (municipality_id, given_name, family_name, tax_code, birth_date, code, office_note)
        select %(town)s, 'Bambino ' || n, 'Famiglia ' || (n / 2), '', '2019-01-01', 'C' || n, ''
          from generate_series(1, %(children)s) n""",
    """insert into schools_membership (municipality_id, child_id, class_group_id, days)
        select %(town)s, c.id, g.ids[1 + c.id %% %(classes)s], daterange(%(first)s, %(end)s)
          from people_child c cross join (select array_agg(id order by id) as ids from schools_classgroup) g""",
    """insert into enrolment_subscription (municipality_id, child_id, service_id, bracket_id, reduction_percent, days)
        select %(town)s, c.id, v.id, b.ids[1 + c.id %% 3], case when c.id %% 4 = 0 then 20 else 0 end,
               daterange(%(first)s, %(end)s)
          from people_child c cross join services_service v
          join services_tariff t on t.service_id = v.id
          join lateral (select array_agg(id order by id) as ids from services_bracket where tariff_id = t.id) b on true
         where v.code = 'mensa' or c.code in (select 'C' || n from generate_series(1, %(riders)s) n)""",
    """insert into ledger_account (municipality_id, kind, code)
        select %(town)s, 'wallet', child_id || ':' || service_id from enrolment_subscription""",
    """insert into ledger_wallet (municipality_id, account_id, child_id, service_id, balance_cents)
        select %(town)s, a.id, s.child_id, s.service_id, 0 from enrolment_subscription s
          join ledger_account a on a.kind = 'wallet' and a.code = s.child_id || ':' || s.service_id""",
]
