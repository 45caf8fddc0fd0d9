"""Is the installation alive, is it ready, and what has it counted."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from campanella.config import metrics as numbers

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
    """Counters in Prometheus' format, at the installation's own names only: towns are visited by everybody."""
    if split_domain_port(request.get_host())[0] not in settings.INSTALLATION_HOSTS:
        raise Http404
    return HttpResponse(numbers.written(), content_type=CONTENT_TYPE_LATEST)


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
