"""Is the installation alive, is it ready, and what has it counted."""

import asyncio
import json
import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg import errors

from campanella.config import metrics as numbers
from campanella.foundation.core.policies import FOUND
from campanella.foundation.tenants import guards
from campanella.interfaces import origins

# A worker beats every two seconds.
WORKER_SILENT_SECONDS = 5
# A monitor is told the truth within five seconds of a fault, whatever the database does meanwhile.
LOOK_SECONDS = 4.0
CONNECT_SECONDS = 2
SILENT = "the database does not answer"


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Database, migrations and worker are fine; else 503 with what is not."""
    status, words = _told(_LOOK.problems())
    return HttpResponse(words, status=status, content_type="application/json")


async def told_live() -> tuple[int, bytes]:
    """Answer a monitor from the event loop, which no page and no database can hold up."""
    return 200, b'{"status": "live"}'


async def told_ready() -> tuple[int, bytes]:
    """Answer a monitor from the event loop."""
    return _told(await _LOOK.problems_soon())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters in Prometheus' format, for whoever has the token; in the demo for everybody at the installation's names."""
    if not _may_count(request):
        raise Http404
    return HttpResponse(numbers.written(), content_type=CONTENT_TYPE_LATEST)


def _may_count(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return settings.DEMO and split_domain_port(request.get_host())[0] in settings.INSTALLATION_HOSTS
    said = request.headers.get("Authorization", "")
    return secrets.compare_digest(said.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


class Look:
    """Looks at the database from a thread of its own, one at a time; whoever asks meanwhile is told by the same look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = 0.0
        self._running: Future[list[str]] | None = None

    def problems(self) -> list[str]:
        """Return what is not fine, after ``LOOK_SECONDS`` at the latest."""
        running, seconds = self._join()
        try:
            return running.result(seconds)
        except TimeoutError:
            return [SILENT]

    async def problems_soon(self) -> list[str]:
        """The same, for an event loop."""
        running, seconds = self._join()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(running)), seconds)
        except TimeoutError:
            return [SILENT]

    def _join(self) -> tuple[Future[list[str]], float]:
        """Return the look under way, or a new one, and how long it may still take."""
        with self._lock:
            if self._running is None or self._running.done():
                self._begun, self._running = time.monotonic(), Future()
                threading.Thread(target=_look, args=[self._running], daemon=True).start()
            return self._running, max(0.0, self._begun + LOOK_SECONDS - time.monotonic())


_LOOK = Look()


def _look(told: Future[list[str]]) -> None:
    try:
        # A connection of its own: the pool's may all wait.
        described = {**connection.get_connection_params(), "connect_timeout": CONNECT_SECONDS, "autocommit": True}
        described["options"] += f" -c statement_timeout={LOOK_SECONDS:.0f}s -c lock_timeout=1s"
        for ours in ("cursor_factory", "context", "prepare_threshold"):
            described.pop(ours, None)
        with psycopg.connect(**described) as own:
            told.set_result(problems_seen(own))
    except psycopg.Error as failure:
        told.set_result([_named(failure)])
    except BaseException as failure:
        told.set_exception(failure)
        raise


def problems_seen(own: "psycopg.Connection[Any]") -> list[str]:
    """
    Return what this connection finds amiss: migrations, walls, the worker, and whether anything can be written.

    :raises psycopg.Error: the database would not
    """
    done = set(own.execute("select app, name from django_migrations").fetchall())
    waiting = _on_disk() - done
    if waiting:
        return [f"{len(waiting)} migrations are waiting"]
    problems = []
    tables = [model._meta.db_table for model in guards.town_tables()]
    bare = {table for (table,) in own.execute(_BARE, [tables]).fetchall()} | _otherwise(own)
    if bare:
        problems.append(f"the walls of {len(bare)} tables are missing")
    for statement in _WRITES:
        own.execute(statement)
    ((workers,),) = own.execute(_WORKERS, [WORKER_SILENT_SECONDS]).fetchall()
    return problems if workers else [*problems, "no worker is running"]


def _otherwise(own: "psycopg.Connection[Any]") -> set[str]:
    """Return the tables with a policy that is missing, says something else than it must, or is a stranger's."""
    stands: dict[str, dict[str, str]] = {table: {} for table in guards.policies()}
    for table, name, said in own.execute(FOUND).fetchall():
        stands.setdefault(table, {})[name] = said
    due = {table: {policy.name: policy.plain for policy in wanted} for table, wanted in guards.policies().items()}
    return {table for table, said in stands.items() if said != due.get(table, {})}


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or {})


def _named(failure: psycopg.Error) -> str:
    """Name a failure so that its line in the runbook is found."""
    if isinstance(failure, errors.ReadOnlySqlTransaction):
        return "the database takes no writing"
    if isinstance(failure, errors.DiskFull):
        return "the disk of the database is full"
    if isinstance(failure, errors.UndefinedTable):
        return "migrations are waiting: there are no tables"
    if isinstance(failure, psycopg.OperationalError) and failure.sqlstate is None:
        return SILENT
    return f"the database says no: {type(failure).__name__}"


def _told(found: Sequence[str]) -> tuple[int, bytes]:
    proxy = ["the proxy passes no X-Forwarded-For (docs/operate/around.md)"] if origins.proxy_is_silent() else []
    problems = [*found, *proxy]
    words = {"status": "not ready" if problems else "ready", "problems": problems}
    return 503 if problems else 200, json.dumps(words).encode()


# Nothing is changed: a row that is not there, a word in the log, and a sort too large for its memory, which must find room
# on the disk and gives it back.
_WRITES = (
    "update procrastinate_workers set last_heartbeat = last_heartbeat where false",
    "select pg_logical_emit_message(true, 'campanella', 'ready')",
    "set work_mem = '64kB'",
    "select count(*) from (select number from generate_series(1, 20000) number order by number desc offset 0) sorted",
)

_WORKERS = "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)"

_BARE = """
select ours.name from unnest(%s::text[]) as ours(name) left join pg_class c on c.oid = to_regclass('public.' || ours.name)
 where not coalesce(c.relrowsecurity and c.relforcerowsecurity and has_table_privilege(c.oid, 'select'), false)
"""

for view in (live, ready, metrics):
    view.access = "installation"  # type: ignore[attr-defined]  # read by the access test
