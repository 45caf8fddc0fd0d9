"""One day of the city confirmed and charged: by the product, and by hand-written set-based SQL for the same effect."""

import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
from django.db import connection

from benchmarks.city import FIRST, LARGE, City, build
from benchmarks.table import Measure, measure
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope
from campanella.usecases import mealtime

OFFICE = Software("bench")
START = FIRST + timedelta(days=14)
ROUNDS = 3


def one_day(city: City, url: str) -> list[Measure]:
    """Measure days of ours and days of the floor in turn, then twenty days against one."""
    for n in range(2):
        charge(city, START + timedelta(days=n))
        _floor(city, url, START + timedelta(days=n + 2))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("analyze")  # what autovacuum would have done by the second day
    days = iter(START + timedelta(days=n) for n in range(4, 200))
    pairs = [(charge(city, next(days)), _floor(city, url, next(days))) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    rows = _rows(city, START)
    twenty = statistics.median(_twenty_against_one(city, url, days) for _ in range(ROUNDS))
    return [
        measure(
            name="confirm and charge one day of 8,050 children, two services, three tariffs",
            ours=ours * 1000,
            floor=floor * 1000,
            unit="ms",
            goal="≤ 1.25× floor",
            met=ours <= 1.25 * floor,
        ),
        measure(
            name="the same, rows written", ours=rows / ours, unit="rows/s", goal="≥ 60,000 rows/s", met=rows / ours >= 60_000
        ),
        measure(name="20 such days against 1", ours=twenty, unit="×", goal="≤ 20.5×", met=twenty <= 20.5),
    ]


def large(url: str) -> list[Measure]:
    """Measure two days of a town of 25,000 children, after one that warms, against as many of the floor."""
    city = build(url, slug="grande", tax_code="00514490010", size=LARGE)
    days = iter(START + timedelta(days=n) for n in range(10))
    charge(city, START - timedelta(days=1))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("analyze")
    pairs = [(charge(city, next(days)), _floor(city, url, next(days))) for _ in range(2)]
    ours, floor = (min(times) for times in zip(*pairs, strict=True))
    rows = _rows(city, START)
    return [
        measure(
            name="close and charge a day of 25,000 children, two services",
            ours=ours,
            floor=floor,
            unit="s",
            goal="≤ 3× floor",
            met=ours <= 3 * floor,
        ),
        measure(
            name="the same, rows written", ours=rows / ours, unit="rows/s", goal="≥ 50,000 rows/s", met=rows / ours >= 50_000
        ),
    ]


def _twenty_against_one(city: City, url: str, days: Iterator[date]) -> float:
    """
    Divide twenty days by the mean of the five before them: both meet the database's housekeeping now and then.

    A shared machine goes faster and slower by a third within such a minute, so each day is counted in beats of a question
    that is always the same, asked before and after it.
    """
    with psycopg.connect(url, autocommit=True) as owner:

        def beat() -> float:
            begun = time.perf_counter()
            owner.execute(_BEAT)
            return time.perf_counter() - begun

        beats = []
        for _ in range(25):
            before, took, after = beat(), charge(city, next(days)), beat()
            beats.append(took / (before + after))
    return sum(beats[5:]) / statistics.mean(beats[:5])


def charge(city: City, day: date) -> float:
    """Seconds the product takes; every thirteenth child is absent."""
    now = clock.now()
    begun = time.perf_counter()
    with scope(city.town_id):
        for service in Service.objects.order_by("id"):
            absent = range(0, 100_000, 13)
            mealtime.confirm_day(
                by=OFFICE, service=service, day=day, class_group_ids=city.class_ids, absent_ids=absent, now=now
            )
    return time.perf_counter() - begun


def _floor(city: City, url: str, day: date) -> float:
    """Seconds the database takes for the same rows when one person writes the whole day as one script."""
    with psycopg.connect(url) as owner:
        begun = time.perf_counter()
        owner.execute("set role campanella_app")
        owner.execute("select set_config('app.town', %s, true)", [str(city.town_id)])
        for service in (city.meal_id, city.bus_id):
            values = {"town": city.town_id, "service": service, "day": day}
            for statement in _DAY:
                owner.execute(statement, values)
        owner.commit()
        return time.perf_counter() - begun


def _rows(city: City, day: date) -> int:
    """Rows one day writes: roll-calls, presences, what is on record of them, entries, transfers, balances."""
    with scope(city.town_id), connection.cursor() as cursor:
        cursor.execute(
            """select (select count(*) from attendance_rollcall where day = %(day)s)
                    + (select count(*) from attendance_presence where day = %(day)s)
                    + (select count(*) from attendance_dayevent where day = %(day)s)
                    + 3 * (select count(*) from ledger_entry where day = %(day)s)""",
            {"day": day},
        )
        return int(cursor.fetchone()[0])


_BEAT = "select count(distinct (n * 7919) % 100003) from generate_series(1, 200000) n"

_DAY = [
    """with call as (
         insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes, confirmed_at)
         select %(town)s, id, %(service)s, %(day)s, 0, 1, now() from schools_classgroup
         returning class_group_id
       )
       insert into attendance_dayevent (municipality_id, service_id, day, class_group_id, kind, channel, level, received_at,
                                        made_at)
       select %(town)s, %(service)s, %(day)s, class_group_id, 'confirmed', 'software', 1, now(), now() from call""",
    """select id from ledger_wallet where municipality_id = %(town)s and service_id = %(service)s
        order by id for no key update""",
    """with presence as (
         insert into attendance_presence (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_due,
                                          marked_at)
         select %(town)s, r.id, m.child_id, %(service)s, %(day)s, m.child_id %% 13 <> 0, m.child_id %% 13 <> 0, now()
           from schools_membership m
           join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
            and s.service_id = %(service)s and s.days @> %(day)s::date
           join attendance_rollcall r on r.municipality_id = %(town)s and r.class_group_id = m.class_group_id
            and r.service_id = %(service)s and r.day = %(day)s
          where m.municipality_id = %(town)s and m.days @> %(day)s::date
         returning id, roll_call_id, child_id, is_due
       ), said as (
         insert into attendance_dayevent (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level,
                                          received_at, made_at, is_on)
         select %(town)s, %(service)s, %(day)s, r.class_group_id, p.child_id, 'marked', 'software', 1, now(), now(), false
           from presence p join attendance_rollcall r on r.municipality_id = %(town)s and r.id = p.roll_call_id
            and r.day = %(day)s
          where not p.is_due
       ), due as (
         select p.id, w.id as wallet_id, w.account_id, nextval('ledger_entry_id_seq') as entry_id,
                round(b.cents * (100 - s.reduction_percent) / 100.0)::bigint as cents
           from presence p
           join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = p.child_id
            and s.service_id = %(service)s and s.days @> %(day)s::date
           join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
           join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = p.child_id and w.service_id = %(service)s
          where p.is_due
       ), entry as (
         insert into ledger_entry (id, municipality_id, at, kind, source, revision, day, memo)
         select entry_id, %(town)s, now(), 'charge', 'presence:' || id, 0, %(day)s, 'Refezione' from due
       ), moved as (
         insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
         select %(town)s, entry_id, account_id, (select min(id) from ledger_account where kind = 'revenue'), cents from due
       )
       update ledger_wallet w set balance_cents = balance_cents - due.cents from due
        where w.municipality_id = %(town)s and w.id = due.wallet_id""",
]
