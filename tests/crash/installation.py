"""An installation of its own, with real processes that can be killed: PostgreSQL with fsync, web, worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.db import connections

from campanella.config import postgres
from campanella.foundation.tenants import queries

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Installation:
    """PostgreSQL, web and worker on one folder; each may die and be started again."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.server = postgres.Server(var)
        self.port = _free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What every process is told."""
        return {
            **os.environ,
            "DATABASE_URL": self.server.url(),
            "CAMPANELLA_VAR": str(self.var),
            "PORT": str(self.port),
            "CAMPANELLA_WORKERS": "1",
            "CAMPANELLA_SMTP_PORT": "9",
            "CAMPANELLA_LOG_LEVEL": "CRITICAL",
        }

    def start(self, *names: str) -> None:
        """Start commands of the installation that are not running."""
        for name in names:
            if name not in self.processes or self.processes[name].poll() is not None:
                with (self.var / f"{name}.log").open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        [sys.executable, "-m", "campanella", name],
                        cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                    )  # fmt: skip

    def kill(self, name: str) -> None:
        """Kill -9 a command and everything it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_postgres(self) -> None:
        """Kill -9 the whole database server."""
        assert self.server.process
        os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()

    def stop(self) -> None:
        """Stop everything."""
        for name in list(self.processes):
            self.kill(name)
        self.server.stop()

    def post(self, path: str, body: bytes, host: str = "localhost") -> httpx.Response | None:
        """Post to the web; None when nobody answers."""
        try:
            return httpx.post(f"http://127.0.0.1:{self.port}{path}", content=body, headers={"Host": host}, timeout=10)
        except httpx.HTTPError:
            return None

    def verify_book(self) -> None:
        """Read every town's book with the command that an administrator would use."""
        command = [sys.executable, "-m", "campanella", "ledger", "verify"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def wait_for(self, what: Any) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert time.monotonic() < deadline, (self.var / "worker.log").read_text()[-2000:]
            time.sleep(0.1)

    def answers(self) -> bool:
        """Tell whether the web answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/live", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def installed(var: Path) -> Iterator[Installation]:
    """Set an installation up and point this process's Django at its database."""
    installation = Installation(var)
    installation.server.start()
    owner = {**installation.environment, "CAMPANELLA_AS_OWNER": "1"}
    subprocess.run([sys.executable, "-m", "campanella", "migrate", "-v0"], cwd=ROOT, env=owner, check=True)
    settings = connections["default"].settings_dict
    before = {key: settings[key] for key in ("NAME", "HOST")}
    close_connections()
    settings.update(NAME="campanella", HOST=str(installation.server.socket))
    queries.forget()
    try:
        yield installation
    finally:
        close_connections()
        installation.stop()
        settings.update(before)
        queries.forget()


def close_connections() -> None:
    """Let go of the database, so that the next question opens a new connection."""
    connections["default"].close()
    connections["default"].close_pool()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
