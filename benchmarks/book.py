"""The proof of a town's book: ``campanella ledger verify`` over some weeks of a city, as an operator runs it."""

import time
from datetime import timedelta
from io import StringIO

import psycopg
from django.core.management import call_command
from django.db import connection

from benchmarks.city import City, build
from benchmarks.days import START, charge
from benchmarks.table import Measure, measure
from campanella.foundation.core.scope import scope

SLUG = "libro"
DAYS = 12


def verified(url: str) -> list[Measure]:
    """Confirm and charge some days by the product alone, then prove them; a violation ends the benchmark."""
    city = build(url, slug=SLUG, tax_code="00357850445")
    for number in range(DAYS):
        charge(city, START + timedelta(days=number))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    entries = _entries(city)
    begun = time.perf_counter()
    call_command("ledger", "verify", town=SLUG, stdout=StringIO())
    seconds = (time.perf_counter() - begun) * 100_000 / entries
    return [
        measure(
            name="campanella ledger verify, for 100,000 entries", ours=seconds, unit="s", goal="< 10 s", met=seconds < 10
        )
    ]


def _entries(city: City) -> int:
    with scope(city.town_id), connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_entry")
        return int(cursor.fetchone()[0])
