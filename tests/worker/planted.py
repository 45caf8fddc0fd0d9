"""
The real ``campanella worker`` with one trouble planted in it: ``python -m tests.worker.planted <trouble>``.

``refused`` — every commit of a reaction fails; ``held`` — the first one waits for a line on the input;
``dying 3 17 …`` — one worker after the other, each killed (-9) before its 3rd, 17th … statement or commit.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

from campanella.config import cli
from campanella.config.engine.base import DatabaseWrapper

_lock = threading.Lock()
_here = threading.local()


def only_in_reactions(happen: Callable[[], None]) -> Callable[[], None]:
    """Let something happen while a reaction runs in this thread, not in the worker's housekeeping."""
    from campanella.foundation.core import events

    react = events.react

    def reacting(**told: Any) -> None:
        _here.reacts = True
        try:
            react(**told)
        finally:
            _here.reacts = False

    events.react = reacting
    return lambda: happen() if getattr(_here, "reacts", False) else None


def at_each_commit(happen: Callable[[], None]) -> None:
    """Let something happen when a transaction of Django's would be committed, all its statements done."""
    commit = DatabaseWrapper._commit

    def committing(self: DatabaseWrapper) -> Any:
        happen()
        return commit(self)

    DatabaseWrapper._commit = committing


def at_each_statement(happen: Callable[[], None]) -> None:
    """Let something happen before each statement that Django sends."""
    connect = DatabaseWrapper.init_connection_state

    def connecting(self: DatabaseWrapper) -> None:
        connect(self)
        self.execute_wrappers.append(lambda execute, *statement: (happen(), execute(*statement))[1])

    DatabaseWrapper.init_connection_state = connecting


def say(word: str) -> None:
    """Tell the test."""
    print(word, flush=True)


def refused() -> None:
    """Fail."""
    from django.db import OperationalError

    say("refused")
    raise OperationalError("planted")


def held() -> None:
    """Wait for the test, once."""
    if _lock.acquire(blocking=False):
        say("held")
        sys.stdin.readline()


def dying(step: int) -> Callable[[], None]:
    """Count, and die."""
    left = step

    def count() -> None:
        nonlocal left
        with _lock:
            left -= 1
            if left == 0:
                say(f"died {step}")
                os.kill(os.getpid(), signal.SIGKILL)

    return count


def one_after_the_other(steps: list[int]) -> None:
    """Start workers from this process, which has read the product already; each dies before its step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
    gc.disable()  # as a command does it: what is imported stays
    django.setup()
    for step in steps:
        child = os.fork()
        if not child:
            die = dying(step)
            at_each_statement(die)
            at_each_commit(die)
            cli.main(["worker"])
        os.waitpid(child, 0)


if __name__ == "__main__":
    trouble, *rest = sys.argv[1:]
    if trouble == "dying":
        one_after_the_other([int(step) for step in rest])
    else:
        at_each_commit(only_in_reactions({"refused": refused, "held": held}[trouble]))
        cli.main(["worker"])
