"""What a process carries from its start: not what only a tablet, a call to the outside, a sheet or an account needs."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

LATER = ["cryptography", "httpx", "joserfc", "schwifty", "xlsxwriter", "zxingcpp"]
WEB = "import sys; from campanella.config import server; import campanella.config.urls; print(*sys.modules)"


def test_the_web_loads_heavy_libraries_only_when_somebody_needs_them() -> None:
    loaded = subprocess.run([sys.executable, "-c", WEB], capture_output=True, text=True, check=True).stdout.split()
    assert "campanella.interfaces.office.urls" in loaded
    assert sorted(set(LATER) & set(loaded)) == []
