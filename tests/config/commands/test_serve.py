"""``campanella serve`` and its port: two installations never answer by turns."""

import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError

from campanella.config.management.commands import serve


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[socket.socket]:
    """Somebody who listens at our port and would share it, as granian does; we never become a server."""
    monkeypatch.setattr("campanella.config.static.collect", lambda: None)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.setenv("CAMPANELLA_END_WITH_PARENT", "")
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        settings.WEB_HOST, settings.WEB_PORT = listening.getsockname()
        yield listening


def test_a_port_in_use_is_refused(other: socket.socket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PATIENCE_SECONDS", 0)

    with pytest.raises(CommandError) as refused:
        serve.Command().stay()

    assert str(refused.value) == (
        f"Port {settings.WEB_PORT} is in use: stop the program that uses it, or set PORT to a free one."
    )


def test_a_port_that_a_killed_server_still_holds_is_waited_for(other: socket.socket) -> None:
    letting_go = threading.Timer(0.3, other.close)
    letting_go.start()

    serve.Command().stay()

    letting_go.join()


def test_an_address_that_is_not_ours_is_told(other: socket.socket, settings: Any) -> None:
    settings.WEB_HOST = "192.0.2.1"

    with pytest.raises(CommandError, match=r"^The pages cannot be served at 192\.0\.2\.1, port \d+: .+\.$"):
        serve.Command().stay()
