"""A short drill, so that the long one works when it is needed."""

import subprocess
import sys

import pytest

from tests.repository.files import ROOT
from tests.tools.wheel import apart

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]


def test_a_few_seconds_under_kills_leave_no_anomaly() -> None:
    run = [sys.executable, "-m", "tests.drill", "--seconds", "8", "--seeds", "1"]
    # As `make drill` finds it: nothing of the tests' own settings.
    ended = subprocess.run(run, cwd=ROOT, env=apart(), capture_output=True, text=True, timeout=400)

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert " 0 anomalies" in ended.stdout
