"""
Keeps the demo's processes alive, in the foreground: prepares, starts, restarts what dies, stops everything.

PostgreSQL, when it is the embedded one, comes from above as a ``Database``; everything else is a command of ours.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from campanella.foundation.core.errors import Refusal

STOP_SECONDS = 12
PAUSE = 0.1
# A process that dies at once is started again after ever longer waits.
LONGEST_WAIT = 5.0


class Stopped(Exception):
    """Somebody asked for the end."""


class StepFailed(Refusal):
    """A step of the preparation failed; its own words are above."""


class Database(Protocol):
    """The embedded database server."""

    process: "subprocess.Popen[bytes] | None"

    def start(self) -> None:
        """Start it and return when it answers."""

    def stop(self) -> None:
        """Stop it and wait."""


@dataclass
class Child:
    """One process that must stay alive."""

    name: str
    module: str
    words: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    wait: float = 0.2


@dataclass
class Supervisor:
    """The processes of one demo; use it as a context, from the main thread."""

    environ: Mapping[str, str]
    database: Database | None = None
    children: list[Child] = field(default_factory=list)
    is_stopping: bool = False

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        if self.database:
            self.database.start()
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end([child.process for child in self.children if child.process])
        if self.database:
            self.database.stop()

    def run(self, *steps: Sequence[str], at_once: int = 1) -> None:
        """
        Run commands until all are done.

        :param at_once: how many of them work side by side
        :raises StepFailed: one of them failed
        :raises Stopped: somebody asked for the end meanwhile
        """
        begun: list[subprocess.Popen[bytes]] = []
        try:
            while len(begun) < len(steps) or any(process.poll() is None for process in begun):
                if any(process.poll() for process in begun):
                    break
                while len(begun) < len(steps) and sum(process.poll() is None for process in begun) < at_once:
                    begun.append(self._spawn("campanella", steps[len(begun)]))
                self._pause()
        finally:
            _end(begun)
        failed = [" ".join(step) for step, process in zip(steps, begun, strict=False) if process.returncode]
        if failed:
            raise StepFailed(f"The demo could not be prepared: “{failed[0]}” failed, see above.")

    def start(self, name: str, module: str, *words: str) -> None:
        """Start a process that must stay alive: a module of Python, with words."""
        child = Child(name, module, words)
        self.children.append(child)
        self._start(child)

    def watch(self, *, seconds: float) -> None:
        """
        Start again what dies, for a while.

        :raises Stopped: somebody asked for the end
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._pause()
            self._watch_database()
            for child in self.children:
                self._watch(child)

    def _watch(self, child: Child) -> None:
        if child.process and child.process.poll() is not None:
            say(f"{child.name} ended with status {child.process.returncode}; it starts again.")
            child.wait = 0.2 if time.monotonic() - child.started > 30 else min(child.wait * 2, LONGEST_WAIT)
            child.process, child.started = None, time.monotonic()
        if child.process is None and time.monotonic() - child.started > child.wait:
            self._start(child)

    def _watch_database(self) -> None:
        if self.database and self.database.process and self.database.process.poll() is not None:
            say("PostgreSQL ended; it starts again.")
            # Its own processes need a moment to notice that their parent is gone.
            time.sleep(0.5)
            self.database.start()

    def _start(self, child: Child) -> None:
        child.process, child.started = self._spawn(child.module, child.words), time.monotonic()

    def _spawn(self, module: str, words: Sequence[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env={**os.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # only prctl, no Python state
        )

    def _pause(self) -> None:
        time.sleep(PAUSE)
        if self.is_stopping:
            raise Stopped

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True


def say(text: str) -> None:
    """Tell the person at the terminal, now."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    """End processes in peace; what has not ended after a while is killed with all of its own."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
