"""After every story, somebody who shares nothing with the product reckons the town anew."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import cache

import pytest
from django.db import connection

from campanella.domains.ledger import seals, verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants
from campanella.readings import proofs
from campanella.readings.proofs import trail
from tests import auditor, recording
from tests.browsing import scope_kept

# What no reckoning reads: who is signed in, and who has tried.
ASIDE = {"accounts_session", "accounts_signinattempt"}
ROWS = pytest.StashKey[str]()
# When a story ends that goes on after its day: put into its item's stash, the town is reckoned as it stands then.
ENDS = pytest.StashKey[datetime]()
# Beginnings, by their fixtures, that were reckoned whole: a story that changed nothing, as most refusals do, is not reckoned
# again, and one that did is in the months that have marks.
_reckoned: set[tuple[str, ...]] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Note how the towns stand when the story begins."""
    item.stash[ROWS] = rows()


@pytest.fixture(autouse=True)
def _the_town_is_reckoned_anew(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    yield
    tenants.forget()
    beginning = (request.path.name, *request.fixturenames)
    is_as_it_began = rows() == request.node.stash.get(ROWS, None)
    is_known = beginning in _reckoned
    if is_as_it_began and is_known:
        return
    for town in tenants.all_towns():
        with scope(town.id), clock.standing_at(request.node.stash.get(ENDS, clock.now())):
            months = auditor.months_with_marks() if is_known else auditor.MONTHS
            assert auditor.differences(town, months=months) == []
            assert verify.violations() + proofs.violations() + trail.violations() + seals.violations() == []
    _reckoned.add(beginning)


def rows() -> str:
    """Return what stands for every row of every town, for the register, the jobs and the moment."""
    told = [str(clock.now())]
    with scope_kept(), connection.cursor() as cursor:
        for town in tenants.all_towns():
            cursor.execute("select set_config('app.town', %s, true)", [str(town.id)])
            cursor.execute(_every_row())
            told.append(cursor.fetchone()[0])
    return hashlib.sha256(" ".join(told).encode()).hexdigest()


@cache
def _every_row() -> str:
    tables = [table for table in recording.tables() if table not in ASIDE]
    # An array, for a function takes a hundred arguments and there are more tables.
    parts = [f"(select json_agg(r) from {table} r)::text" for table in [*tables, recording.REGISTER, "procrastinate_jobs"]]
    return f"select md5(array[{', '.join(parts)}]::text)"
