"""Ctrl-C, at any moment: one word, the shell's own exit status, nothing left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.concurrency.conftest import committed, town
from tests.config.commands.running import ROOT
from tests.towns import Cast

__all__ = ["committed", "town"]

pytestmark = pytest.mark.process


@pytest.mark.slow
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.parametrize("seconds", [0.2, 0.6])
def test_a_command_that_is_stopped_says_so_without_a_traceback(seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "import campanella.config.cli as c; print(flush=True); c.main(['ledger', 'verify'])"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    # Done before the signal, or met by it on the very last steps of the interpreter, where no Python runs any more.
    assert (process.returncode, err) in {(130, "Stopped.\n"), (0, ""), (-signal.SIGINT, "")}


@pytest.mark.parametrize(
    ("unbuffered", "became"),
    [("", "the work itself is done"), ("1", "the work stopped there, and what was not finished is undone")],
)
def test_a_command_whose_reader_has_gone_says_what_became_of_it(
    committed: str, town: Cast, unbuffered: str, became: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "campanella", "town", "list"],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": committed, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, f"The output is not read to its end; {became}.\n")
