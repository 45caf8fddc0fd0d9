"""Processes that end with whoever started them, even when that one is killed."""

import ctypes
import os
import signal
import sys

# Set by whoever starts a process that must not outlive it.
WITH_PARENT = "CAMPANELLA_END_WITH_PARENT"


def end_with_parent(sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to end this process with its parent, when its starter wished so; Linux only."""
    if os.environ.get(WITH_PARENT) != "1" or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(1, sign)
    if os.getppid() == 1:  # it was killed before the kernel was asked
        os.kill(os.getpid(), sign)
