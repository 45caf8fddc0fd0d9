"""A worker that cannot go on says why, in one sentence that is true, and loses no job."""

import os
import subprocess
import sys

import psycopg
import pytest

from campanella.domains.messaging import operations as messaging
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from tests.towns import Cast
from tests.worker.conftest import ROOT, Workers

pytestmark = [pytest.mark.slow, pytest.mark.process]

PATIENCE_SECONDS = 120


def started(workers: Workers) -> "subprocess.Popen[str]":
    """Start the plain command, and keep what it says."""
    process = subprocess.Popen(
        [sys.executable, "-m", "campanella", "worker"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": workers.url, "CAMPANELLA_SMTP_PORT": "9", "CAMPANELLA_LOG_LEVEL": "CRITICAL"},
    )
    # Whatever happens, its pipe is read to its end and closed.
    workers.stack.callback(process.communicate)
    workers.stack.callback(process.kill)
    return process


def last_words(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    """Return how it ended and what it said to whoever reads its terminal; its log is another thing."""
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, [line for line in err.splitlines() if not line.startswith("{")]


def write_letter(town: Cast) -> None:
    """Give it something to do."""
    with scope(town.town.id):
        messaging.queue(
            key="test", guardian=None, address="rossi@posta.example", template="t", subject="S", text="T", now=clock.now()
        )


def test_one_that_was_taken_for_dead_says_so(town: Cast, workers: Workers) -> None:
    process = started(workers)
    registered = "select count(*) from procrastinate_workers"
    workers.wait_for(lambda: workers.looking.execute(registered).fetchone() != (0,))

    # What another worker does with one that has been silent; and then there is something to do.
    workers.looking.execute("delete from procrastinate_workers")
    write_letter(town)

    said = "Another worker took this one for dead, because it was silent, and has its jobs: start this one again."
    assert last_words(process) == (1, [said])
    assert [status for _, status in workers.jobs("deliver")] == ["todo"], "nothing is lost"


def test_a_database_that_takes_no_writing_did_not_go_away(town: Cast, workers: Workers) -> None:
    write_letter(town)
    name = psycopg.conninfo.conninfo_to_dict(workers.url).get("dbname")
    workers.looking.execute(f'alter database "{name}" set default_transaction_read_only = on')
    try:
        process = started(workers)
        said = "The database takes no writing. No job is lost: start the worker again when it does."
        assert last_words(process) == (1, [said])
    finally:
        workers.looking.execute(f'alter database "{name}" reset default_transaction_read_only')
    assert [status for _, status in workers.jobs("deliver")] == ["todo"]
