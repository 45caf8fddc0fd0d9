"""
The invoices of a month: 5,000 children of 3,334 families × 20 days, from what was charged to numbered invoices with lines.

The same work item as was measured of two peers, preview and confirmation both. Pricing is part of it: every line is held
against its subscription's price. As theirs, the towns have no account at pagoPA: no positions are made.
"""

import os
import pickle
import statistics
import subprocess
import sys
import time
from datetime import timedelta

import psycopg

from benchmarks.city import FIRST, City, Size, build
from benchmarks.days import charge
from benchmarks.table import Measure, measure
from campanella.domains.billing import queries
from campanella.domains.billing.rules import month_of
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import naming, scope
from campanella.readings.billing import papers
from campanella.usecases.billing import issuing, running, staging

OFFICE = Software("bench")
MONTH = (FIRST.replace(day=1) + timedelta(days=70)).replace(day=1)
DAYS = [day for day in (MONTH + timedelta(days=n) for n in range(28)) if day.weekday() < 5][:20]
BIG = Size(children=5000, classes=224, schools=28, riders=0)
SMALL = Size(children=500, classes=23, schools=7, riders=0)
PAPERS = 150


def month(url: str) -> list[Measure]:
    """Bill the month of two towns; a third run of the command, in a process of its own, tells the memory."""
    small = _stage(url, slug="fatture-piccola", tax_code="00357850460", size=SMALL)
    big = _stage(url, slug="fatture-grande", tax_code="00357850478", size=BIG)
    runs = [(_billed(small), _billed(big), _floor(big, url)) for _ in range(3)]
    few, many, floor = (statistics.median(times) for times in zip(*runs, strict=True))
    memory = _memory(big)
    return [
        measure(
            name="invoices of a month, 5,000 children × 20 days, pricing included",
            ours=many,
            floor=floor,
            unit="s",
            goal="≤ 3 s, ≤ 3× floor",
            met=many <= 3 and many <= 3 * floor,
        ),
        measure(name="the same, memory of its process", ours=memory, unit="MB", goal="≤ 200 MB", met=memory <= 200),
        measure(
            name="invoices of 5,000 children against 500", ours=many / few, unit="×", goal="≤ 10.5×", met=many / few <= 10.5
        ),
        _paper(big),
    ]


def _stage(url: str, *, slug: str, tax_code: str, size: Size) -> City:
    city = build(url, slug=slug, tax_code=tax_code, size=size)
    with psycopg.connect(url) as owner:
        owner.execute("select set_config('app.town', %s, true)", [str(city.town_id)])
        owner.execute('update tenants_municipality set choices = choices || \'{"iban": ""}\' where id = %s', [city.town_id])
        for statement in _FAMILIES:
            owner.execute(statement, {"town": city.town_id, "first": FIRST, "meal": city.meal_id})
    for day in DAYS:
        charge(city, day)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    return city


def _billed(city: City) -> float:
    """Seconds from nothing to the last number; then it is called back, so that the next round bills the same days."""
    first, last = month_of(f"{MONTH:%Y-%m}")
    now = clock.now()
    with naming(city.town_id):
        with scope(city.town_id):
            meal = Service.objects.get(pk=city.meal_id)
        begun = time.perf_counter()
        found = running.preview(by=OFFICE, service=meal, first=first, last=last, now=now)
        running.confirm(by=OFFICE, run_id=found.id, now=now)
        staging.go_on(by=OFFICE, run_id=found.id, now=now)
        issuing.issue(run_id=found.id)
        seconds = time.perf_counter() - begun
        staging.recall(by=OFFICE, run_id=found.id, reason="bench", now=now)
    return seconds


def _floor(city: City, url: str) -> float:
    """Seconds the database takes to write the same invoices, shares, lines and numbers as one script."""
    with psycopg.connect(url) as owner:
        begun = time.perf_counter()
        owner.execute("set role campanella_app")
        owner.execute("select set_config('app.town', %s, true)", [str(city.town_id)])
        # Of what a statement itself has just written nothing is known: hashes, not a look-up for each row.
        owner.execute("set local enable_nestloop = off")
        for statement in _MONTH:
            owner.execute(statement, {"town": city.town_id, "meal": city.meal_id, "first": MONTH, "last": DAYS[-1]})
        seconds = time.perf_counter() - begun
        owner.rollback()
        return seconds


def _memory(city: City) -> float:
    """Megabytes that the command takes for the same month."""
    words = ["billing", "run", "--town", city.host.removesuffix(".localhost"), "--service", "mensa"]
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "campanella", *words, "--period", f"{MONTH:%Y-%m}"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"the command ended with {status}")
    # Kilobytes on Linux, bytes on a Mac.
    return used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _paper(city: City) -> Measure:
    """Invoices a second as tagged PDF, by two processes of their own as a worker has hands; their start is not counted."""
    with scope(city.town_id):
        first = queries.open_invoices(period=MONTH)[:PAPERS]
        sheets = papers.sheets(invoices=first)
    hands = []
    for half in (sheets[::2], sheets[1::2]):
        hand = subprocess.Popen([sys.executable, "-c", _PRINT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert hand.stdin
        hand.stdin.write(pickle.dumps(half))
        hand.stdin.close()
        hands.append((len(half), hand))
    pace = 0.0
    for count, hand in hands:
        assert hand.stdout
        pace += count / float(hand.stdout.read())
        hand.wait()
    return measure(name="invoices as tagged PDF, two cores", ours=pace, unit="PDF/s", goal="≥ 100/s", met=pace >= 100)


_PRINT = """
import pickle, sys, time
from campanella.domains.billing.documents.invoice_pdf import invoice_pdf
sheets = pickle.load(sys.stdin.buffer)
invoice_pdf(sheets[0])
begun = time.perf_counter()
for sheet in sheets:
    invoice_pdf(sheet)
print(time.perf_counter() - begun)
"""

# Families of one and two children in turn, as the peers' work item has them.
_FAMILIES = [
    """insert into people_guardian (municipality_id, given_name, family_name, tax_code, email, phone, address)
        select %(town)s, 'Adulto', 'Famiglia ' || n, '', 'a' || n || '@posta.example', '', ''
          from (select distinct (substr(code, 2)::int * 2 + 1) / 3 as n
                  from people_child where municipality_id = %(town)s) f""",
    """insert into people_guardianship (municipality_id, child_id, guardian_id, kind, is_payer)
        select %(town)s, c.id, g.id, 'parent', true from people_child c
          join people_guardian g on g.municipality_id = %(town)s
           and g.email = 'a' || (substr(c.code, 2)::int * 2 + 1) / 3 || '@posta.example'
         where c.municipality_id = %(town)s""",
    """insert into billing_paypolicy (municipality_id, service_id, kind, first, made_at, reason)
        values (%(town)s, %(meal)s, 'postpaid', %(first)s, now(), '')""",
]

_MONTH = [
    """select id from ledger_wallet where municipality_id = %(town)s and service_id = %(meal)s
        order by id for no key update""",
    """with run as (
         insert into billing_run (municipality_id, service_id, first, last, state, prepared_at, confirmed_at, digest,
                                  invoices, total_cents, next_entry, summary)
         values (%(town)s, %(meal)s, %(first)s, %(last)s, 'issued', now(), now(), '', 0, 0, 0, '{}') returning id
       ), priced as materialized (
         select e.source, e.day, w.id as wallet_id, w.child_id, g.guardian_id, t.cents,
                round(b.cents * (100 - s.reduction_percent) / 100.0)::bigint as price
           from ledger_entry e
           join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
           join ledger_wallet w on w.municipality_id = e.municipality_id and w.account_id = t.debit_id
           join people_guardianship g on g.municipality_id = e.municipality_id and g.child_id = w.child_id
           join enrolment_subscription s on s.municipality_id = e.municipality_id and s.child_id = w.child_id
            and s.service_id = %(meal)s and s.days @> e.day
           join services_bracket b on b.municipality_id = e.municipality_id and b.id = s.bracket_id
          where e.municipality_id = %(town)s and e.kind = 'charge' and e.day between %(first)s and %(last)s
       ), invoice as (
         insert into billing_invoice (municipality_id, run_id, sequence, payer_id, method, total_cents, until_entry)
         select %(town)s, r.id, row_number() over (order by guardian_id), guardian_id, 'notice', sum(cents), 0
           from priced cross join run r group by r.id, guardian_id returning id, run_id, payer_id, total_cents
       ), share as (
         insert into billing_share (municipality_id, invoice_id, run_id, wallet_id, child_id, lines_cents, carried_cents,
                                    due_cents)
         select %(town)s, v.id, v.run_id, p.wallet_id, p.child_id, sum(p.cents), 0, sum(p.cents)
           from priced p join invoice v on v.payer_id = p.guardian_id
          group by v.id, v.run_id, p.wallet_id, p.child_id returning id, invoice_id, wallet_id, child_id
       ), line as (
         insert into billing_line (municipality_id, share_id, source, day, cents)
         select %(town)s, h.id, p.source, p.day, p.cents from priced p join share h on h.wallet_id = p.wallet_id
          order by h.id, p.day
       ), issue as (
         insert into billing_issue (municipality_id, invoice_id, series, year, number, issued_on, due_on, issued_at)
         select %(town)s, id, 'FLOOR', 2026, row_number() over (order by id), current_date, current_date, now() from invoice
       )
       select count(*) from invoice""",
]
