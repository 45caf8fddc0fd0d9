"""A committed town, and real workers beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from campanella.usecases.tasks import NIGHT
from tests.concurrency.conftest import committed, town

__all__ = ["committed", "town"]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180
# What comes to a town by itself, at hours of the machine's clock that no test chooses: cut-off, fees, tariffs and night.
BY_THEMSELVES = ("freeze_sheets", "remind", "charge_fees", "reckon", *NIGHT)


class Workers:
    """Starts workers on the committed database, ends them with the test, and looks at the jobs from outside."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url, self.stack = url, stack
        self.looking = stack.enter_context(psycopg.connect(url, autocommit=True))

    def start(self, *trouble: str, **told: str) -> "subprocess.Popen[str]":
        """Start a worker; ``trouble`` is what ``planted`` is told, none starts the plain command."""
        module = ["tests.worker.planted", *trouble] if trouble else ["campanella", "worker"]
        process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DATABASE_URL": self.url, "CAMPANELLA_SMTP_PORT": "9", **told},
        )  # fmt: skip
        self.stack.enter_context(_ended(process))
        return process

    def jobs(self, *names: str) -> list[tuple[str, str]]:
        """Return the towns' jobs that everybody can see, oldest first, each as (what, status); no housekeeping."""
        rows = self.looking.execute(
            "select coalesce(args->>'reaction', task_name), status::text from procrastinate_jobs"
            " where args ? 'town' and task_name <> all(%s) order by id",
            [list(BY_THEMSELVES)],
        ).fetchall()
        return [(what, status) for what, status in rows if not names or what in names]

    def count(self, condition: LiteralString) -> int:
        """Count the jobs of which something is true, housekeeping too."""
        row = self.looking.execute("select count(*) from procrastinate_jobs where " + condition).fetchone()
        assert row
        return int(row[0])

    def wait_for(self, what: Callable[[], Any]) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert time.monotonic() < deadline, self.jobs()
            time.sleep(0.05)


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    with process:
        yield
        process.kill()


@pytest.fixture
def workers(committed: str) -> Iterator[Workers]:
    """Real workers."""
    with ExitStack() as stack:
        yield Workers(committed, stack)
