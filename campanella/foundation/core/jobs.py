"""
Jobs: enqueued in the same transaction as the fact, run at least once by a worker on PostgreSQL.

Every job carries its town and only ids; every job can run twice without harm. Built on procrastinate.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campanella.foundation.core import sql
from campanella.foundation.core.scope import naming

F = TypeVar("F", bound=Callable[..., None])

logger = logging.getLogger(__name__)

# Waits 2, 4, 8, … seconds: an outside party that is down for ten minutes is still reached by the ninth attempt.
PATIENT = RetryStrategy(max_attempts=10, exponential_wait=2)


def job(name: str) -> Callable[[F], F]:
    """
    Register a job.

    It runs with its town named but outside any transaction: what it writes, it writes through use cases, so that no
    connection is held while an outside party answers.
    """

    def register(function: F) -> F:
        def run(*, town: int, **arguments: Any) -> None:
            with naming(town):
                function(**arguments)

        app.task(name=name, queue="default", retry=PATIENT)(run)
        _jobs[name] = function
        return function

    return register


def enqueue(name: str, *, town: int, delay_seconds: int = 0, **arguments: Any) -> None:
    """Enqueue a job in the present transaction; arguments are ids and plain JSON values."""
    schedule = {"seconds": delay_seconds} if delay_seconds else None
    app.configure_task(name=name, queue="default", schedule_in=schedule).defer(town=town, **arguments)


def run_now(name: str, *, town: int, **arguments: Any) -> None:
    """Run a job here and now, for tests and for the making of the demo."""
    with naming(town):
        _jobs[name](**arguments)


def take_waiting(*, town: int) -> list[tuple[str, dict[str, Any]]]:
    """Take the jobs of a town that nobody has begun off the queue, for the making of a demo's past: names and arguments."""
    taken = [(name, json.loads(arguments)) for name, arguments in sql.rows(_TAKE, [town])]
    return [(name, {key: value for key, value in arguments.items() if key != "town"}) for name, arguments in taken]


_TAKE = """
with taken as (
  delete from procrastinate_jobs where status = 'todo' and (args->>'town')::int = %s returning id, task_name, args
) select task_name, args from taken order by id
"""

_jobs: dict[str, Callable[..., None]] = {}
