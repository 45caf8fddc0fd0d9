"""A demo as a person starts it, for the tests that look at one: the package, installed apart, in an empty folder."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campanella.foundation.core.clock import ROME
from tests.tools import wheel

# The first start fills five towns, one of them with as many people as anybody's demo.
FILLING, PATIENCE = 480, 240
MOMENT = datetime(2026, 11, 30, 8, 40, tzinfo=ROME)


@dataclass
class Demo:
    """A running demo."""

    process: "subprocess.Popen[bytes]"
    home: Path
    port: int

    @property
    def var(self) -> Path:
        """Where an installed package keeps its things: in the folder where it is started."""
        return self.home / "var"

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
                place = os.readlink(entry / "cwd")
                words_there = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if place.startswith(str(self.home)) and words in words_there:
                found.append(int(entry.name))
        return found


def started(home: Path, port: int = 0) -> Demo:
    """Start a tiny demo in a folder and wait until it is ready."""
    port, is_first = port or _free_port(), not (home / "var").exists()
    told = {
        "PORT": str(port),
        "SIMULATORS_PORT": str(port + 2),
        "DEMO_SIZE": "tiny",
        "DEMO_CLOCK": f"{MOMENT:%Y-%m-%dT%H:%M}",
    }
    with (home / "demo.log").open("ab") as log:
        process = subprocess.Popen([command(home), "demo"], cwd=home, env={**wheel.apart(), **told}, stdout=log, stderr=log)
    running = Demo(process, home, port)
    try:
        until(running.is_ready, lambda: (home / "demo.log").read_text(), seconds=FILLING if is_first else PATIENCE)
    except AssertionError:
        running.end()
        raise
    return running


def command(home: Path) -> str:
    """Return the installed `campanella` beside a demo's folder."""
    return str(home.parent / "environment" / "bin" / "campanella")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool], words: Callable[[], str] = str, seconds: float = PATIENCE) -> None:
    """Wait until something holds; the words say what was there instead."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, words()
        time.sleep(0.2)
