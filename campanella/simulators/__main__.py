"""`python -m campanella.simulators`: all simulators in one process, until SIGTERM or Ctrl-C."""

import contextlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import uvicorn

from campanella.simulators.mailbox import smtp_server
from campanella.simulators.pagopa.station import Station
from campanella.simulators.settings import Settings, read_settings
from campanella.simulators.simulators import assemble
from campanella.simulators.store import Store
from campanella.simulators.web.app import make_app


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop and give the exit status: 1 when an address is taken."""
    settings = read_settings(arguments)
    store = Store(settings.database)
    with contextlib.closing(store), Station(settings.station_url) as station:
        simulators = assemble(settings, store, station)
        mail = smtp_server(simulators.mailbox, host=settings.host, port=settings.smtp_port)
        try:
            mail.start()
        except OSError as problem:
            sys.stderr.write(f"The mailbox cannot listen on port {settings.smtp_port}: {problem}\n")
            return 1
        simulators.deliveries.start()
        try:
            return _serve(settings, uvicorn.Config(make_app(simulators), log_level="warning"))
        finally:
            simulators.deliveries.stop()
            mail.stop()


def _serve(settings: Settings, config: uvicorn.Config) -> int:
    config.host, config.port = settings.host, settings.port
    config.timeout_graceful_shutdown = 3
    # uvicorn raises the signal again after its clean stop; without a handler it would kill us before ours.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    sys.stdout.write(f"Simulators: http://{settings.host}:{settings.port}/  mail: port {settings.smtp_port}\n")
    sys.stdout.flush()
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit:
        return 1  # uvicorn has said which address is taken
    return 0 if server.started else 1


def _stopped(number: int, frame: FrameType | None) -> None:
    """Let a second delivery of the signal pass."""


if __name__ == "__main__":
    sys.exit(main())
