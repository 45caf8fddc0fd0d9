"""The whole demo as a person starts it: ready, hard to kill, and gone without a trace."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240

# One demo for all of them: they must meet in one process.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@dataclass
class Demo:
    """A running demo."""

    process: "subprocess.Popen[bytes]"
    var: Path
    port: int

    def end(self) -> None:
        """Stop it, in peace if it still lives."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)

    def is_ready(self) -> bool:
        """Tell what ``/health/ready`` says."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def pids(self, words: str = "") -> list[int]:
        """Return the processes that work on this demo's folder, those with these words in their command."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.process.pid:
                continue
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(self.var).encode() in told and words in command and command:
                found.append(int(entry.name))
        return found


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A tiny demo on free ports, with an embedded PostgreSQL of its own."""
    # Not under pytest's own folder: where root runs the tests its PostgreSQL may not enter that, and would stay behind.
    with tempfile.TemporaryDirectory(prefix="campanella-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = _started(Path(folder))
        yield running
        running.end()


def _started(var: Path) -> Demo:
    port = _free_port()
    inherited = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CAMPANELLA_AS_OWNER")}
    told = {
        "CAMPANELLA_VAR": str(var), "PORT": str(port), "SIMULATORS_PORT": str(port + 2), "DEMO_SIZE": "tiny",
        "DEMO_CLOCK": "2026-09-23T08:40",
    }  # fmt: skip
    with (var / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "campanella", "demo"], cwd=ROOT, env={**inherited, **told}, stdout=log, stderr=log
        )
    running = Demo(process, var, port)
    _until(running.is_ready, lambda: (var / "demo.log").read_text())
    return running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(holds: Callable[[], bool], words: Callable[[], str] = str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, words()
        time.sleep(0.2)


def test_it_hands_over_its_sign_ins(demo: Demo) -> None:
    _until(lambda: "Ready after" in (demo.var / "demo.log").read_text())
    told = json.loads((demo.var / "demo.json").read_text())

    assert told["base_url"] == f"http://localhost:{demo.port}"
    assert len(told["towns"]) == 5


@pytest.mark.parametrize("name", ["campanella worker", "campanella.simulators", "granian", "postgres -D"])
def test_what_is_killed_comes_back(demo: Demo, name: str) -> None:
    before = demo.pids(name)
    assert before

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    _until(lambda: bool(set(demo.pids(name)) - set(before)) and demo.is_ready())


def test_a_second_demo_on_its_ports_says_so_in_one_sentence(demo: Demo, tmp_path: Path) -> None:
    told = {**os.environ, "CAMPANELLA_VAR": str(tmp_path), "PORT": str(demo.port), "SIMULATORS_PORT": str(demo.port + 20)}

    ended = subprocess.run(
        [sys.executable, "-m", "campanella", "demo"],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ended.returncode == 1
    assert ended.stderr == f"Port {demo.port} is in use: stop the program that uses it, or set PORT to a free one.\n"


def test_it_stops_whole_and_starts_again_at_once(demo: Demo) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(timeout=40) == 0
    assert demo.pids() == []

    again = _started(demo.var)
    assert "live through their school year" not in (demo.var / "demo.log").read_text().split("has stopped")[1]
    again.process.kill()
    again.process.wait()
    _until(lambda: again.pids() == [], lambda: str(again.pids()), seconds=40)
