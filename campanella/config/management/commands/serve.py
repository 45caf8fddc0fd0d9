"""``campanella serve``: the pages, on granian."""

import os
import sys

from django.conf import settings
from django.core.management import CommandError

from campanella.config import static
from campanella.config.command import ProcessCommand
from campanella.config.processes import WITH_PARENT
from campanella.foundation.core import ports

# Connections of one process that may wait for a thread before the others wait at the door.
WAITING = 256
# How long the workers of a server that was killed may hold its port.
PATIENCE_SECONDS = 5.0


class Command(ProcessCommand):
    help = "Serve the pages (CAMPANELLA_BIND, PORT, CAMPANELLA_WORKERS, CAMPANELLA_THREADS)."

    def stay(self) -> None:
        _check_port()
        static.collect()
        os.environ[WITH_PARENT] = "1"
        os.execv(  # noqa: S606  # no shell: this process becomes the server
            sys.executable,
            [
                sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--http", "1",
                "--host", settings.WEB_HOST, "--port", str(settings.WEB_PORT),
                "--workers", str(settings.WEB_WORKERS),
                "--backpressure", str(WAITING), "--http1-header-read-timeout", "10000",
                "--respawn-failed-workers", "--workers-kill-timeout", "10s",
                "--no-access-log", "--log-level", "warning",
                "campanella.config.server:application",
            ],
        )  # fmt: skip


def _check_port() -> None:
    """granian shares a port with whoever has it and lets it: two installations would then answer by turns."""
    host, port = settings.WEB_HOST, settings.WEB_PORT
    try:
        if not ports.is_free_within(PATIENCE_SECONDS, host=host, port=port):
            raise CommandError(ports.IN_USE.format(port=port, name="PORT"))
    except OSError as failure:
        raise CommandError(f"The pages cannot be served at {host}, port {port}: {failure.strerror or failure}.") from failure
