"""INPS in tests: the simulator's own service, called by our own gateway without a wire."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from campanella.simulators.inps.inps import Inps, Record
from campanella.simulators.store import Store
from campanella.simulators.web import inps as web

ROSSI = "RSSMRA85T10A562S"


def transport(stranger: Inps) -> httpx.MockTransport:
    """Return what carries a question to the simulator and its answer back."""

    def carry(request: httpx.Request) -> httpx.Response:
        answer = web.answered(stranger, request.content)
        return httpx.Response(answer.status_code, content=bytes(answer.body))

    return httpx.MockTransport(carry)


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inps:
    """INPS, which every client of this test reaches; it knows of the mother with 9.800 €."""
    inps = Inps(Store(tmp_path / "simulators.sqlite3"))
    inps.say(ROSSI, Record(980_000, "2026-03-02", "INPS-ISEE-2026-00000001A-00"))
    client: Callable[..., Any] = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **more: client(transport=transport(inps), **more))
    return inps
