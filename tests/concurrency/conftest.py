"""Real commits: a database of its own for each test, real threads, and a cast that is committed."""

import os
import pickle
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

import pytest
from django.db import connections

from campanella.foundation.core import clock
from campanella.foundation.tenants import queries
from tests import database
from tests.towns import Cast, make_cast

# Valle as this process has committed it first, by the moment of its making: later tests begin with a copy of its database.
_kept: dict[datetime, bytes] = {}


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Point Django at a fresh copy of the template for one test; what is written there is committed."""
    server, template = os.environ["CAMPANELLA_TEST_SERVER"], os.environ["CAMPANELLA_TEST_TEMPLATE"]
    name = database.own() + "_c"
    url = database.copy(server, database.with_town() if _has_the_town(request) else template, name)
    settings = connections["default"].settings_dict
    before = settings["NAME"]
    _close()
    settings["NAME"] = name
    queries.forget()
    with django_db_blocker.unblock():
        yield url
        _close()
    settings["NAME"] = before
    queries.forget()
    database.drop(server, name)


@pytest.fixture
def town(committed: str) -> Cast:
    """Valle, committed; no scope is open."""
    if kept := _kept.get(clock.now()):
        return cast(Cast, pickle.loads(kept))
    made = make_cast(slug="valle", tax_code="00142920439")
    if not _kept:
        _close()
        database.copy(os.environ["CAMPANELLA_TEST_SERVER"], database.own() + "_c", database.with_town())
        _kept[clock.now()] = pickle.dumps(made)
    return made


def _has_the_town(request: pytest.FixtureRequest) -> bool:
    """Tell whether the test asks for Valle at the moment at which it was kept."""
    return "town" in request.fixturenames and clock.now() in _kept


def all_at_once(work: Callable[[int], Any], count: int) -> list[Any]:
    """
    Run work in many threads that begin together; return what each returned or raised, by number.

    Every thread has a connection of its own and the test's standing clock.
    """
    barrier, results = threading.Barrier(count), [None] * count
    moment = clock.now()

    def run(number: int) -> None:
        with clock.standing_at(moment):
            barrier.wait()
            try:
                results[number] = work(number)
            except Exception as error:
                results[number] = error
            finally:
                connections["default"].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _close() -> None:
    connections["default"].close()
    connections["default"].close_pool()
