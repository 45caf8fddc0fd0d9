"""
The hostile rig: laziness fails by itself.

A query without a town, an undefined template variable, a warning, an open socket to the outside and the real clock make a
test fail. The cast (``tests/towns.py``) sets the time.
"""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import database

LONGEST_NAME = 60


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by the size of a long argument: whole files and floods of brackets are no names."""
    if isinstance(val, str | bytes | list | dict) and len(str(val)) > LONGEST_NAME:
        return f"{argname}-{len(val)}"
    return None


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The rig makes its own databases."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Copy the migrated template for this worker; every test acts as the application's restricted role."""
    url, template = os.environ["CAMPANELLA_TEST_SERVER"], os.environ["CAMPANELLA_TEST_TEMPLATE"]
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
    database.copy(url, template, name)
    with django_db_blocker.unblock():
        yield
        from django.db import connections

        for connection in connections.all():
            connection.close()
            connection.close_pool()
    database.drop(url, name)


@pytest.fixture(autouse=True)
def _clock_stands_still() -> Iterator[None]:
    """Wednesday 14 October 2026, 08:47 in Italy, until the cast moves it."""
    from campanella.foundation.core import clock

    with clock.standing_at(datetime(2026, 10, 14, 6, 47, tzinfo=UTC)):
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

    queries.forget()
    cache.clear()


pytest_plugins = ["tests.towns", "tests.paying"]
