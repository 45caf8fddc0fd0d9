"""
The hostile rig: laziness fails by itself.

A query without a town, an undefined template variable, a warning, an open socket to the outside, a process that no mark
announces and the real clock make a test fail. The cast (``tests/towns.py``) sets the time.
"""

import gc
import os
import socket
import subprocess
from collections.abc import Generator, Iterator
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as searching

from tests import database, morning, recording

LONGEST_NAME = 60
# What Hypothesis makes up takes as long as it takes: no second is counted, here neither.
searching.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searching.load_profile("patient")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by the size of a long argument: whole files and floods of brackets are no names."""
    if isinstance(val, str | bytes | list | dict) and len(str(val)) > LONGEST_NAME:
        return f"{argname}-{len(val)}"
    return None


# The test that runs, where it may start no process: `make quick` leaves out what is marked, so that it stays quick.
_alone: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long and stands alone: begun last, it would keep one worker busy while the others wait."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None or bool(item.get_closest_marker("xdist_group")))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """
    What is imported stays: the collector need not look at all of it while it comes.

    Later it looks at what came since then, and not up for every seven hundred objects.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Know, from its first fixture to its last, whether a test may start processes."""
    if not item.get_closest_marker("process") and not item.get_closest_marker("browser"):
        _alone.append(item.name)
    try:
        return (yield)
    finally:
        _alone.clear()


@wraps(subprocess.Popen.__init__)
def _start_of_a_process(self: "subprocess.Popen[Any]", args: Any, *others: Any, **named: Any) -> None:
    program = args if isinstance(args, str | bytes | os.PathLike) else next(iter(args))
    if _alone and program != "git":
        raise RuntimeError(f"{_alone[0]} starts a process: mark it `process`")
    _popen(self, args, *others, **named)


# Not a hook of Python's audit: that is asked about every import, every file and every id, and costs all tests a fiftieth.
_popen = subprocess.Popen.__init__
subprocess.Popen.__init__ = _start_of_a_process  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The rig makes its own databases."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Copy the migrated template for this worker; every test acts as the application's restricted role."""
    url, template = os.environ["CAMPANELLA_TEST_SERVER"], os.environ["CAMPANELLA_TEST_TEMPLATE"]
    name = database.own()
    database.copy(url, template, name)
    recording.forget()
    with django_db_blocker.unblock():
        yield
        from django.db import connections

        for connection in connections.all():
            connection.close()
            connection.close_pool()
    database.drop(url, database.with_town())
    database.drop(url, name)


@pytest.fixture(autouse=True)
def _clock_stands_still() -> Iterator[None]:
    """The morning, until the cast moves it; and for what the test starts."""
    from campanella.foundation.core import clock

    morning.begin()
    with clock.standing_at(morning.MORNING):
        yield


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be spoken to."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in {"127.0.0.1", "::1", "localhost", "local"}:
            raise RuntimeError(f"A test called the outside: {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class _Undefined(str):
    """What an undefined template variable becomes."""

    __slots__ = ()

    def __mod__(self, missing: Any) -> str:
        raise AssertionError(f"undefined template variable: {missing}")

    def __contains__(self, search: Any) -> bool:
        return search == "%s"


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    """An undefined template variable fails the test instead of showing nothing."""
    from django.template import engines

    engines["django"].engine.string_if_invalid = _Undefined("%s")  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Tests read static files as they are, without a manifest, and hash passwords quickly."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Collected files are not there in a test: they are found where they are written.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]


@pytest.fixture(autouse=True)
def _forget_towns() -> None:
    """What a process remembers of the towns, and the parts of pages that it keeps, end with the test."""
    from django.core.cache import cache

    from campanella.foundation.tenants import queries
    from campanella.readings import counted
    from campanella.readings.kitchen import ordered
    from campanella.readings.office import served

    for one in (queries, counted, ordered, served):
        one.forget()
    cache.clear()


pytest_plugins = ["tests.towns", "tests.paying"]
