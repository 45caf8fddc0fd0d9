"""
A process that has read the product already and bears others: not every kill costs the start of an interpreter.

Each child is a process of its own, born before its mother has a thread or a connection; it opens its own and is the one
that is killed. Whatever a test starts first is started as everybody starts it, so that its start is tried as well.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from typing import IO

import django

from tests.config.commands.running import ROOT, Ended
from tests.morning import VARIABLE

# The name of a module that can be started, and the one whose `main` is then called with the words.
COMMANDS = ("campanella", "campanella.config.cli")


class Child:
    """One that was born: its number, what it says, and how it ended."""

    def __init__(self, pid: int, out: IO[str], end: IO[str]) -> None:
        self.pid, self.stdout, self._end = pid, out, end
        self.returncode: int | None = None

    def kill(self) -> None:
        """Kill -9."""
        with suppress(ProcessLookupError):  # ended by itself
            os.kill(self.pid, signal.SIGKILL)

    def communicate(self) -> tuple[str, None]:
        """Read what it still says until it has ended."""
        with self.stdout, self._end:
            said = self.stdout.read()
            self.returncode = os.waitstatus_to_exitcode(int(self._end.read()))
        return said, None


class Warm:
    """Starts a module again and again: the first time anew, then by its mother, who ends with the ``with``."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self._module = module
        self._environment = {**environment, "DJANGO_SETTINGS_MODULE": "campanella.config.settings"}
        self._is_tried = False
        self._children: list[Child] = []
        self._line: socket.socket | None = None
        self._mother: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Warm":
        return self

    def __exit__(self, *_: object) -> None:
        if self._line and self._mother:
            for child in self._children:
                if child.returncode is None:
                    child.kill()
            self._line.close()
            self._mother.wait()

    def start(self, *words: str, offset: str = "", stderr: IO[str] | None = None) -> "Child | subprocess.Popen[str]":
        """Start a process and listen to it; with an offset it lives at another time than its mother."""
        if self._is_tried:
            return self._born(words, offset, stderr)
        self._is_tried = True
        return subprocess.Popen(
            [sys.executable, "-m", self._module, *words],
            cwd=ROOT,
            env={**self._environment, **({VARIABLE: offset} if offset else {})},
            stdout=subprocess.PIPE,
            stderr=stderr or subprocess.DEVNULL,
            text=True,
        )

    def run(self, *words: str, offset: str = "") -> Ended:
        """Start a process and wait for its end."""
        with tempfile.TemporaryFile("w+") as complaints:
            process = self.start(*words, offset=offset, stderr=complaints)
            out, _ = process.communicate()
            complaints.seek(0)
            assert process.returncode is not None
            return Ended(process.returncode, out, complaints.read())

    def _born(self, words: Sequence[str], offset: str, stderr: IO[str] | None) -> Child:
        self._line = self._line or self._conceive()
        (out, says), (end, ends) = os.pipe(), os.pipe()
        with open(os.devnull, "w") as nothing:  # no file of ours
            given = [says, (stderr or nothing).fileno(), ends]
            socket.send_fds(self._line, [json.dumps([words, offset]).encode()], given)
        os.close(says)
        os.close(ends)
        told = os.fdopen(end)
        self._children.append(Child(int(told.readline()), os.fdopen(out), told))
        return self._children[-1]

    def _conceive(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._mother = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.warm", self._module, str(theirs.fileno())],
                cwd=ROOT,
                env=self._environment,
                pass_fds=[theirs.fileno()],
            )
        return ours


def bear(module: str, line: socket.socket) -> None:
    """Bear whoever is asked for until nobody asks any more; a nurse waits for each and tells its end."""
    assert threading.active_count() == 1
    while True:
        asked, given, *_ = socket.recv_fds(line, 1 << 16, 3)
        if not asked:
            with suppress(ChildProcessError):
                while True:
                    os.wait()
            return
        if not os.fork():
            line.close()
            nurse(module, *json.loads(asked), *given)
            return
        for one in given:
            os.close(one)


def nurse(module: str, words: Sequence[str], offset: str, says: int, complains: int, ends: int) -> None:
    """Let the child live, and tell its number and how it ended; only the child returns."""
    if child := os.fork():
        os.close(says)
        os.write(ends, f"{child}\n".encode())
        os.write(ends, str(os.waitpid(child, 0)[1]).encode())
        os._exit(0)
    os.close(ends)
    os.dup2(says, 1)
    os.close(says)
    os.dup2(complains, 2)
    if offset:
        from campanella.foundation.core import clock

        os.environ[VARIABLE] = offset
        clock.OFFSET = timedelta(seconds=float(offset))
    import_module(module).main(words)


if __name__ == "__main__":
    # As a command does it: what is imported stays, and is not copied by each child.
    gc.disable()
    name = dict([COMMANDS]).get(sys.argv[1], sys.argv[1])
    import_module(name)
    django.setup()
    bear(name, socket.socket(fileno=int(sys.argv[2])))
