"""An installation of its own, with real processes that can be killed: PostgreSQL with fsync, web, worker."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from django.db import connections

from campanella.config import postgres
from campanella.config.database import APPLICATION
from campanella.foundation.tenants import queries
from tests import database, morning
from tests.plain import PLAIN

Kind = TypeVar("Kind", bound="Installation")

ROOT = Path(__file__).resolve().parents[2]
# Where the tests keep what later runs find again; a drill by itself as well.
VAR = Path(os.environ.get("CAMPANELLA_VAR") or ROOT / "var" / "tests")
PATIENCE_SECONDS = 180


class Installation:
    """PostgreSQL, web and worker on one folder; each may die and be started again."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.server = postgres.Server(var)
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        # One clock for all, and for whoever is started again.
        self.offset = morning.offset()

    @property
    def environment(self) -> dict[str, str]:
        """What every process is told."""
        return {
            **os.environ,
            "DATABASE_URL": self.server.url(APPLICATION),
            "DATABASE_OWNER_URL": self.server.url(),
            "DATABASE_ROLE": "",
            "CAMPANELLA_VAR": str(self.var),
            morning.VARIABLE: self.offset,
            "PORT": str(self.port),
            "CAMPANELLA_WORKERS": "1",
            "CAMPANELLA_SMTP_PORT": "9",
            "CAMPANELLA_LOG_LEVEL": os.environ.get("CAMPANELLA_LOG_LEVEL") or "CRITICAL",
        }

    def start(self, *names: str) -> None:
        """Start commands of the installation that are not running."""
        for name in names:
            if name not in self.processes or self.processes[name].poll() is not None:
                with (self.var / f"{name}.log").open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        [sys.executable, "-m", "campanella", name],
                        cwd=ROOT,
                        env=self.environment,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )

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
            return httpx.post(
                f"http://127.0.0.1:{self.port}{path}", content=body, headers={"Host": host}, timeout=30, verify=PLAIN
            )
        except httpx.HTTPError:
            return None

    def verify_book(self, *, days_on: int = 0) -> None:
        """Read every town's book with the command that an administrator would use, so many days after the morning."""
        command = [sys.executable, "-m", "campanella", "ledger", "verify"]
        seconds = float(self.environment["CAMPANELLA_CLOCK_OFFSET"]) + days_on * 24 * 60 * 60
        then = {**self.environment, "CAMPANELLA_CLOCK_OFFSET": str(seconds)}
        done = subprocess.run(command, cwd=ROOT, env=then, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def wait_for(self, what: Any, *, every: float = 0.1) -> None:
        """Wait until something is true; it is asked every so many seconds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert time.monotonic() < deadline, self.logged()
            time.sleep(every)

    def logged(self) -> str:
        """Return the end of what each command has logged."""
        return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in sorted(self.var.glob("*.log")))

    def answers(self) -> bool:
        """Tell whether the web answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/live", timeout=5, verify=PLAIN).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def installed(var: Path, kind: type[Kind] = Installation) -> Iterator[Kind]:  # type: ignore[assignment]  # the usual kind
    """Set an installation up and point this process's Django at its database."""
    installation = kind(var)
    installation.server.home.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", _migrated(), installation.server.data], check=True)
    installation.server.start()
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


def _migrated() -> Path:
    """Make and migrate a database once for these models: every installation begins with a copy of its data."""
    kept = VAR / f"postgres-migrated-{database.fingerprint()}"
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "migrated.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.exists():
            for old in VAR.glob("postgres-migrated-*"):
                shutil.rmtree(old)
            _migrate(kept)
    return kept


def _migrate(kept: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="campanella-migrated-") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder))
        made.server.start()
        try:
            owner = {**made.environment, "CAMPANELLA_AS_OWNER": "1"}
            subprocess.run([sys.executable, "-m", "campanella", "migrate", "-v0"], cwd=ROOT, env=owner, check=True)
        finally:
            made.server.stop()
        half = kept.with_name("postgres-migrated-half")
        subprocess.run(["cp", "-a", made.server.data, half], check=True)
        half.rename(kept)


def close_connections() -> None:
    """Let go of the database, so that the next question opens a new connection."""
    connections["default"].close()
    connections["default"].close_pool()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
