"""The worker: killed in the middle of a job, and left alone by its database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from campanella.domains.messaging import operations as messaging
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests import database
from tests.concurrency.conftest import committed, town
from tests.towns import Cast

ROOT = Path(__file__).resolve().parents[2]

__all__ = ["committed", "town"]

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture
def silent_mail_server() -> Iterator[socket.socket]:
    """A mail server that takes calls and says nothing, so that a delivery hangs until the worker is killed."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        yield server


def _worker(url: str, port: int) -> "subprocess.Popen[bytes]":
    told = {**os.environ, "DATABASE_URL": url, "CAMPANELLA_SMTP_PORT": str(port)}
    return subprocess.Popen([sys.executable, "-m", "campanella", "worker"], cwd=ROOT, env=told, start_new_session=True)


def test_a_job_of_a_killed_worker_runs_again(committed: str, town: Cast, silent_mail_server: socket.socket) -> None:
    port = silent_mail_server.getsockname()[1]
    with scope(town.town.id):
        messaging.queue(
            key="test",
            guardian=None,
            address="rossi@posta.example",
            template="low_credit",
            subject="Prova",
            text="Prova",
            now=clock.now(),
        )
    first = _worker(committed, port)
    call, _ = silent_mail_server.accept()
    with call:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()

    second = _worker(committed, port)
    try:
        # The same message is tried again by the second worker, though the first never gave it back.
        again, _ = silent_mail_server.accept()
        again.close()
    finally:
        second.kill()
        second.wait()


def test_a_worker_without_its_database_ends_with_a_sentence(committed: str) -> None:
    told = {**os.environ, "DATABASE_URL": committed}
    worker = subprocess.Popen(
        [sys.executable, "-m", "campanella", "worker"], cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True
    )
    try:
        _until_it_has_registered(committed)
        database.drop(os.environ["CAMPANELLA_TEST_SERVER"], urlsplit(committed).path.lstrip("/"))
        _, err = worker.communicate(timeout=120)
    finally:
        worker.kill()
        worker.communicate()

    assert worker.returncode == 1
    assert "The database went away. No job is lost: start the worker again when it is back." in err.splitlines()
    assert "Traceback (most recent call last):\n" not in err


def _until_it_has_registered(url: str) -> None:
    deadline = time.monotonic() + 120
    with psycopg.connect(url, autocommit=True) as looking:
        while not looking.execute("select 1 from procrastinate_workers").fetchone():
            assert time.monotonic() < deadline
            time.sleep(0.1)
