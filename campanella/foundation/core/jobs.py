"""
Jobs: enqueued in the same transaction as the fact, run at least once by a worker on PostgreSQL.

Every job carries its town and only ids: the jobs' table has no walls between towns. Every job can run twice without harm.
Built on procrastinate.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from campanella.foundation.core import sql
from campanella.foundation.core.scope import naming

F = TypeVar("F", bound=Callable[..., None])

# How often a job is begun at most, whatever ended it: a failure, or the death of its worker.
ATTEMPTS = 10
# Waits 2, 4, 8, … seconds: an outside party that is down for ten minutes is still reached by the last attempt.
PATIENT = RetryStrategy(max_attempts=ATTEMPTS - 1, exponential_wait=2)

# By how much the clocks of two machines may differ.
BEHIND = timedelta(minutes=1)

# Each queue has hands of its own in the worker: who waits for a mail server holds up mail and nothing else.
WORK, MAIL = "default", "mail"
HANDS = {WORK: 2, MAIL: 1}


# The worker gives the app a connector of its own, for fetching jobs: what that one writes is committed at once, outside the
# transaction of the fact. So jobs are written by a manager that knows Django's connection only, whoever enqueues.
_OF_THE_FACT = JobManager(DjangoConnector())


class NoTransaction(RuntimeError):
    """A job was enqueued outside the transaction of its fact."""


def job(name: str, *, queue: str = WORK) -> Callable[[F], F]:
    """
    Register a job; its queue says whose hands it waits for.

    It runs with its town named but outside any transaction: what it writes, it writes through use cases, so that no
    connection is held while an outside party answers.
    """

    def register(function: F) -> F:
        def run(*, town: int, **arguments: Any) -> None:
            with naming(town):
                function(**arguments)

        app.task(name=name, queue=queue, retry=PATIENT)(run)
        _jobs[name], _queues[name] = function, queue
        return function

    return register


def regularly(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register housekeeping that comes again by itself; it opens the scopes of its towns."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:
            function()

        app.periodic(cron=cron)(app.task(name=name, queue=WORK, queueing_lock=name)(run))
        return function

    return register


def enqueue(name: str, *, town: int, urgency: int = 0, wait_seconds: int = 0, **arguments: Any) -> None:
    """
    Enqueue a job in the transaction around it, in whatever process; arguments are ids and plain JSON values.

    Nobody sees the job before the transaction is committed, and a rollback leaves none.

    :param urgency: who has more goes before all who have less
    :param wait_seconds: begin it no earlier than so much later
    :raises NoTransaction: there is no transaction around it
    """
    enqueue_all(name, town=town, urgency=urgency, wait_seconds=wait_seconds, arguments=[arguments])


def wait_the_rest(name: str, *, town: int, until: datetime, now: datetime, urgency: int = 0, **arguments: Any) -> None:
    """
    Enqueue a job anew whose time has not come by this machine's clock, where that is a little behind the one it was told by.

    What is further off has been put off meanwhile, and has a job of its own.
    """
    if now < until <= now + BEHIND:
        waits = math.ceil((until - now).total_seconds())
        enqueue(name, town=town, urgency=urgency, wait_seconds=waits, **arguments)


def enqueue_all(
    name: str, *, town: int, urgency: int = 0, wait_seconds: int = 0, arguments: Sequence[Mapping[str, Any]]
) -> None:
    """
    Enqueue one job for each set of arguments, in one statement, as ``enqueue`` does for one.

    :raises NoTransaction: there is no transaction around it
    """
    if not connection.in_atomic_block:
        raise NoTransaction(f"Enqueue {name} in the transaction of its fact.")
    queue = _queues.get(name, WORK)
    task = configure_task(
        name=name,
        job_manager=_OF_THE_FACT,
        queue=queue,
        priority=urgency,
        schedule_in={"seconds": wait_seconds} if wait_seconds else None,
    )
    if arguments:
        task.batch_defer(*({"town": town, **one} for one in arguments))


def alive(name: str, *, town: int, argument: str) -> set[int]:
    """Return the ids that jobs of this name still wait or work for, by the argument that carries them."""
    return {int(found) for (found,) in sql.rows(_ALIVE, [argument, name, town])}


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

_ALIVE = """
select args->>%s from procrastinate_jobs where task_name = %s and status in ('todo', 'doing') and (args->>'town')::int = %s
"""

_jobs: dict[str, Callable[..., None]] = {}
_queues: dict[str, str] = {}
