"""
A whole installation as real processes: web, worker and simulators on free ports, over a database of its own.

Its clock begins at Wednesday 14 October 2026, 08:47 in Italy, and runs on.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests import morning

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 240
STOP_SECONDS = 30


class DidNotStart(RuntimeError):
    """A process ended or stayed silent; the message has its last words."""


class Installation:
    """Where everything is, and who lives there."""

    def __init__(self, *, folder: Path, database_url: str, ports: tuple[int, int, int]) -> None:
        self.folder = folder
        self.web_port, self.simulators_port, smtp_port = ports
        self.simulators = f"http://localhost:{self.simulators_port}"
        self.people: dict[str, Any] = {}
        self.environ = {
            **os.environ,
            "DATABASE_URL": database_url,
            "CAMPANELLA_VAR": str(folder),
            "PORT": str(self.web_port),
            "CAMPANELLA_WORKERS": "1",
            "CAMPANELLA_BASE_URL": f"http://localhost:{self.web_port}",
            "CAMPANELLA_CLOCK_OFFSET": morning.offset(),
            "CAMPANELLA_SMTP_PORT": str(smtp_port),
            "CAMPANELLA_FORM_ACTION": self.simulators,
            "PAGOPA_CHECKOUT_URL": f"{self.simulators}/checkout/ec/v1",
            "PAGOPA_STATION_URL": f"http://127.0.0.1:{self.web_port}/pagopa/paForNode",
            "SIMULATORS_PORT": str(self.simulators_port),
            "SIMULATORS_SMTP_PORT": str(smtp_port),
            "SIMULATORS_STATE": str(folder / "simulators"),
            "SIMULATORS_RETRY_SECONDS": "0.5",
        }  # fmt: skip
        self._web: subprocess.Popen[bytes] | None = None

    def address(self, path: str = "/", *, town: str = "valle") -> str:
        """Return the address of a page of a town."""
        return f"http://{town}.localhost:{self.web_port}{path}"

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the simulators' control API."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.simulators_port}{path}", data=data)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def start_web(self) -> None:
        """Start the pages and return when they are ready."""
        self._web = self.spawn("web", "-m", "campanella", "serve")
        self.wait_for("web", f"http://127.0.0.1:{self.web_port}/health/ready", self._web)

    def stop_web(self) -> None:
        """Stop the pages, as a cut in the network would."""
        if self._web:
            end(self._web)

    def kill_web(self) -> None:
        """Kill the pages where they stand (-9), with whatever they are doing."""
        if self._web:
            os.killpg(self._web.pid, signal.SIGKILL)
            self._web.wait()

    def asked(self, statement: str, *values: Any, town: str = "valle") -> list[tuple[Any, ...]]:
        """Ask the database itself, within the walls of a town."""
        within = "select set_config('app.town', (select id::text from tenants_municipality where slug = %s), true)"
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            connection.execute(within, [town])
            return connection.execute(statement, values).fetchall()

    def run(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start a step of the preparation."""
        return self.spawn(name, *words)

    def done(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        """Wait for a step; :raises DidNotStart: it failed"""
        if process.wait(timeout=READY_SECONDS):
            raise DidNotStart(f"{name} failed: {self.last_words(name)}")

    def spawn(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start one Python process; what it says goes to a file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # only prctl, no Python state
            )

    def wait_for(self, name: str, address: str, process: "subprocess.Popen[bytes]") -> None:
        """Wait until an address answers 200; :raises DidNotStart: it does not"""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise DidNotStart(f"{name} did not start: {self.last_words(name)}")

    def last_words(self, name: str) -> str:
        """Return the end of what a process said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]


@contextmanager
def running(*, folder: Path, database_url: str, people: str = "tests.browser.people") -> Iterator[Installation]:
    """Prepare and start an installation, and stop all of it whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    place = Installation(folder=folder, database_url=database_url, ports=free_ports())
    with ExitStack() as stack:
        # The first two steps side by side: the people, and the static files as production serves them.
        static = place.run("static", "-m", "campanella", "collectstatic", "--noinput", "-v0")
        stack.callback(end, static)
        cast = place.run("people", "-m", people, str(folder / "people.json"))
        stack.callback(end, cast)
        simulators = place.spawn("simulators", "-m", "campanella", "simulators")
        stack.callback(end, simulators)
        place.done("static", static)
        place.done("people", cast)
        place.people = json.loads((folder / "people.json").read_text())
        worker = place.spawn("worker", "-m", "campanella", "worker")
        stack.callback(end, worker)
        stack.callback(place.stop_web)
        place.start_web()
        place.wait_for("simulators", f"http://127.0.0.1:{place.simulators_port}/api/health", simulators)
        yield place


def free_ports() -> tuple[int, int, int]:
    """Return three ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(3)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports[0], ports[1], ports[2]


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its own, in peace, else by force."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
