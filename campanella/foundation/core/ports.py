"""Whether somebody already listens where a process of ours is about to."""

import errno
import socket
import time

IN_USE = "Port {port} is in use: stop the program that uses it, or set {name} to a free one."
PAUSE = 0.1


def is_free_within(seconds: float, *, host: str, port: int) -> bool:
    """
    Tell whether nobody listens at this address, or soon nobody will: what was killed needs a moment to let go.

    :raises OSError: the address cannot be listened at, for another reason
    """
    deadline = time.monotonic() + seconds
    while is_taken(host=host, port=port):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def is_taken(*, host: str, port: int) -> bool:
    """
    Tell whether somebody listens at this address, given as a number of IPv4 or IPv6.

    :raises OSError: the address cannot be listened at, for another reason
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # A connection that has just ended is nobody listening.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as failure:
        if failure.errno != errno.EADDRINUSE:
            raise
        return True
    return False
