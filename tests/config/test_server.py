"""The front of the web: who sends no body is not waited for; who does is read before a thread is taken."""

import asyncio
import importlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campanella.foundation.core import clock
from campanella.interfaces.doors import RECEIVED_AT

Messages = list[dict[str, Any]]
Headers = list[tuple[bytes, bytes]]
SENT = datetime(2026, 10, 14, 7, 29, 59, 999_999, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that granian loads; what it says to its own process is said to nobody."""
    monkeypatch.setenv("DATABASE_STATEMENT_SECONDS", "30")
    monkeypatch.delenv("CAMPANELLA_END_WITH_PARENT", raising=False)
    return importlib.import_module("campanella.config.server")


class Part(list[bytes]):
    """A short answer, as Django gives it."""

    streaming = False

    def close(self) -> None:
        """Nothing is open."""


def _echo(environ: dict[str, Any], start: Any) -> Part:
    start("200 OK", [("Content-Type", "text/plain")])
    return Part([environ["REQUEST_METHOD"].encode(), b":", environ["wsgi.input"].read()])


def _head(method: str, headers: Headers) -> dict[str, Any]:
    head = {"method": method, "path": "/", "query_string": b"", "headers": headers}
    return {**head, "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1)}


def _ask(server: Any, *, method: str, headers: Headers, comes: Messages) -> tuple[Messages, int]:
    """Send a request; return what was answered, and how often its sender was asked for more."""
    sent: Messages = []
    asked = 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return comes.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def answered() -> None:
        await server.Front(_echo)(_head(method, headers), receive, send)

    asyncio.run(answered())
    return sent, asked


@pytest.mark.parametrize("headers", [[], [(b"host", b"valle.localhost")], [(b"content-length", b"0")]])
def test_a_request_without_a_body_is_not_waited_for(server: Any, headers: Headers) -> None:
    sent, asked = _ask(server, method="GET", headers=headers, comes=[])

    assert asked == 0
    assert [message.get("status") for message in sent] == [200, None]
    assert sent[1]["body"] == b"GET:"


@pytest.mark.parametrize("header", [(b"content-length", b"4"), (b"transfer-encoding", b"chunked")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_body_that_is_announced_is_read_whole(server: Any, method: str, header: tuple[bytes, bytes]) -> None:
    parts: Messages = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"cd", "more_body": False},
    ]

    sent, asked = _ask(server, method=method, headers=[header], comes=parts)

    assert asked == 2
    assert sent[1]["body"] == f"{method}:abcd".encode()


def test_who_leaves_before_the_end_is_answered_nothing(server: Any) -> None:
    sent, _ = _ask(server, method="POST", headers=[(b"content-length", b"4")], comes=[{"type": "http.disconnect"}])

    assert sent == []


def test_a_get_with_too_large_a_body_is_refused(server: Any) -> None:
    sent, asked = _ask(server, method="GET", headers=[(b"content-length", b"99999999")], comes=[])

    assert sent[0]["status"] == 413
    assert asked == 0


def test_whoever_finds_no_seat_in_time_is_told_so(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "QUEUE_SECONDS", 0.01)
    sent: Messages = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def answered() -> None:
        front = server.Front(_echo)
        while not front.seats.locked():
            await front.seats.acquire()
        await front(_head("GET", []), send, send)

    asyncio.run(answered())

    assert sent[0]["status"] == 503


def _received(server: Any, *, headers: Headers, comes: Messages) -> Any:
    """Send a form; return what the pages were told of when it was received."""
    given: list[Any] = []

    def page(environ: dict[str, Any], start: Any) -> Part:
        given.append(environ[RECEIVED_AT])
        return _echo(environ, start)

    async def receive() -> dict[str, Any]:
        message = comes.pop(0)
        for instant in message.pop("at", ()):
            now[0] = instant
        return message

    async def send(_: dict[str, Any]) -> None:
        """Nobody reads the answer."""

    now = [SENT]

    async def answered() -> None:
        await server.Front(page)(_head("POST", headers), receive, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: now[0])
        asyncio.run(answered())
    return given[0]


def test_a_request_is_received_when_the_whole_of_it_is_there(server: Any) -> None:
    """Who opens a connection in time and sends the rest later has sent it later."""
    two = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b", "more_body": False, "at": [SENT + timedelta(seconds=2)]},
    ]
    assert _received(server, headers=[(b"content-length", b"2")], comes=two) == SENT + timedelta(seconds=2)


@pytest.mark.parametrize("name", [b"campanella.received_at", b"campanella-received-at", b"http-campanella.received_at"])
def test_nobody_outside_says_when_it_was_received(server: Any, name: bytes) -> None:
    forged = [(name, b"2026-10-14T07:00:00+00:00"), (b"content-length", b"1")]
    one = [{"type": "http.request", "body": b"a", "more_body": False}]
    assert _received(server, headers=forged, comes=one) == SENT


@pytest.mark.process
def test_the_collector_never_looks_through_what_a_server_has_imported() -> None:
    asked = "import gc, campanella.config.server as s; print(gc.isenabled(), gc.get_freeze_count() > len(gc.get_objects()))"
    environ = {name: value for name, value in os.environ.items() if name != "CAMPANELLA_END_WITH_PARENT"}
    said = subprocess.run([sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "True"]
