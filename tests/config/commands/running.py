"""Running a command as an operator does: in a process of its own, or in the test's transaction."""

import os
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    status: int
    out: str
    err: str


def in_a_process(*words: str, **environment: str) -> Ended:
    """Run ``campanella WORDS`` against the tests' database (nothing of the open transaction is seen)."""
    done = subprocess.run(
        [sys.executable, "-m", "campanella", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def said(*words: str) -> str:
    """Run a command inside the test's transaction and return what it printed."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()
