"""``campanella serve``: the pages, on granian."""

import os
import sys

from django.conf import settings

from campanella.config import static
from campanella.config.command import ProcessCommand
from campanella.config.processes import WITH_PARENT

# Connections of one process that may wait for a thread before the others wait at the door.
WAITING = 256


class Command(ProcessCommand):
    help = "Serve the pages (CAMPANELLA_BIND, PORT, CAMPANELLA_WORKERS, CAMPANELLA_THREADS)."

    def stay(self) -> None:
        static.collect()
        os.environ[WITH_PARENT] = "1"
        os.execv(  # noqa: S606  # no shell: this process becomes the server
            sys.executable,
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1",
                "--host", settings.WEB_HOST, "--port", str(settings.WEB_PORT),
                "--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS),
                "--backpressure", str(WAITING), "--respawn-failed-workers", "--workers-kill-timeout", "10s",
                "--no-access-log", "--log-level", "warning",
                "campanella.config.wsgi:application",
            ],
        )  # fmt: skip
