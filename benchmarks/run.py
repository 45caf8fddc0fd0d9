"""Sets the stage, runs what was asked for, prints the table."""

import gc
import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import django

from benchmarks import city as cities
from benchmarks import table


def everything(wanted: list[str], path: Path) -> None:
    """Run the benchmarks in order; names are the modules' function names."""
    os.environ["CAMPANELLA_AS_OWNER"] = "1"
    _migrate()
    url = os.environ["DATABASE_URL"]
    city = cities.build(url)
    gc.disable()  # as the program's processes start; its last application lets the collector go on
    django.setup()
    from benchmarks import (
        applications,
        book,
        cold,
        days,
        debits,
        families,
        invoices,
        kitchen,
        office,
        prices,
        tablets,
        tax,
        web,
    )

    benchmarks = {
        "days": lambda: days.one_day(city, url),
        "book": lambda: book.verified(url),
        "web": lambda: web.all_of(city, url),
        "kitchen": lambda: kitchen.board(city, url),
        "office": lambda: office.all_of(city, url),
        "tablets": lambda: tablets.all_of(city, url),
        "cold": lambda: cold.start(city, url),
        "prices": lambda: prices.all_of(city, url),
        "families": lambda: families.all_of(city, url),
        "applications": lambda: applications.all_of(city, url),
        "large": lambda: days.large(url),
        "tax": lambda: tax.all_of(url),
        "invoices": lambda: invoices.month(url),
        "debits": lambda: debits.both(url),
    }
    measures: list[table.Measure] = []
    try:
        for name, benchmark in benchmarks.items():
            if not wanted or name in wanted:
                begun = time.perf_counter()
                measures += _apart(benchmark)
                print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
    finally:
        # One that fails takes none of the others' figures with it.
        table.write(measures, path)


def _apart(benchmark: Callable[[], list[table.Measure]]) -> list[table.Measure]:
    """
    Run a benchmark in a process of its own: what the others have taken of memory is neither its nor its children's.

    :raises RuntimeError: it failed; it has said why
    """
    from django.db import connections

    connections.close_all()
    for one in connections.all():
        one.close_pool()
    ours, its = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=lambda: its.send(benchmark()))
    process.start()
    its.close()
    try:
        return list(ours.recv())
    except EOFError:
        raise RuntimeError("the benchmark failed")
    finally:
        process.join()


def _migrate() -> None:
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "campanella", "migrate", "-v0"], check=True)
    os.environ.pop("CAMPANELLA_AS_OWNER")
