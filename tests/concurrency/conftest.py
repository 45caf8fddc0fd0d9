"""Real commits: a database of its own for each test, real threads, and a cast that is committed."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from campanella.foundation.core import clock
from campanella.foundation.tenants import queries
from tests import database
from tests.towns import Cast, make_cast


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Point Django at a fresh copy of the template for one test; what is written there is committed."""
    server, template = os.environ["CAMPANELLA_TEST_SERVER"], os.environ["CAMPANELLA_TEST_TEMPLATE"]
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/") + "_c"
    url = database.copy(server, template, name)
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
    return make_cast(slug="valle", tax_code="00142920439")


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
