"""A web worker ends with the server that started it, asleep as well."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.concurrency.conftest import committed, town
from tests.config.commands.running import ROOT
from tests.plain import PLAIN

__all__ = ["committed", "town"]

pytestmark = [pytest.mark.process, pytest.mark.slow]

PATIENCE_SECONDS = 90
# The kernel ends a child with its parent at once; a busy machine may take its time to say so.
SOON_SECONDS = 15


@pytest.fixture
def server(committed: str, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """``campanella serve``, in a process of its own, answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"DATABASE_URL": committed, "PORT": str(port), "CAMPANELLA_VAR": str(tmp_path), "CAMPANELLA_WORKERS": "2"}
    command = [sys.executable, "-m", "campanella", "serve"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **told}, start_new_session=True, **quiet) as process:
        try:
            _wait_for(lambda: _answers(port), PATIENCE_SECONDS)
            yield process
        finally:
            # Whatever is left of this test's own group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("asleep", [False, True], ids=["awake", "asleep"])
def test_a_web_worker_does_not_outlive_a_killed_server(server: "subprocess.Popen[bytes]", asleep: bool) -> None:
    children = _children(server.pid)
    assert len(children) >= 2, "the workers are there"
    if asleep:
        for child in children:
            os.kill(child, signal.SIGSTOP)

    os.kill(server.pid, signal.SIGKILL)
    server.wait()

    _wait_for(lambda: not [child for child in children if _is_alive(child)], SOON_SECONDS)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_alive(pid: int) -> bool:
    """Tell whether a process is there and no zombie that waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5, verify=PLAIN).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_for(what: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)
