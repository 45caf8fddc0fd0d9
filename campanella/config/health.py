"""Is the installation alive, is it ready, and what has it counted."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

WORKER_SILENT_SECONDS = 30


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Database, migrations and worker are fine; else 503 with what is not."""
    problems = _problems()
    return JsonResponse(
        {"status": "ready" if not problems else "not ready", "problems": problems},
        status=503 if problems else 200,
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters in Prometheus' format."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _problems() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        problems = [f"{len(waiting)} migrations are waiting"] if waiting else []
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
                [WORKER_SILENT_SECONDS],
            )
            if not cursor.fetchone()[0]:
                problems.append("no worker is running")
    except DatabaseError as failure:
        return [f"database: {type(failure).__name__}"]
    return problems


for view in (live, ready, metrics):
    view.access = "installation"  # type: ignore[attr-defined]  # read by the access test
