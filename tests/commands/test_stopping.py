"""Ctrl-C, at any moment: one word, the shell's own exit status, nothing left behind."""

import signal
import subprocess
import sys
import time

import pytest

from tests.commands.running import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.2, 0.6])
def test_a_command_that_is_stopped_says_so_without_a_traceback(seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "import campanella.config.cli as c; print(flush=True); c.main(['ledger', 'verify'])"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    # Done before the signal, or met by it on the very last steps of the interpreter, where no Python runs any more.
    assert (process.returncode, err) in {(130, "Stopped.\n"), (0, ""), (-signal.SIGINT, "")}
