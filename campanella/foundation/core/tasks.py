"""Jobs of the core: running reactions, and taking up what a dead worker left."""

from contextlib import suppress
from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from campanella.foundation.core import events, jobs

STALLED_SECONDS = 6
DAY_HOURS = 24


@jobs.job("react")
def react(*, event: str, reaction: str, fields: dict[str, Any]) -> None:
    """Run one reaction to one event."""
    events.react(event=event, reaction=reaction, fields=fields)


@app.periodic(cron="* * * * * */5")
@app.task(name="reap", queueing_lock="reap", pass_context=True)
async def reap(context: JobContext, timestamp: int) -> None:
    """Give back to the queue the jobs whose worker stopped beating, so that a kill loses nothing."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        # Another worker's reap may have been at this one in the same moment; the others are still to be taken up.
        with suppress(ConnectorException):
            await _give_back(stalled, manager)


async def _give_back(job: Job, manager: JobManager) -> None:
    """
    Let a job begin again, unless it has begun often enough: one that kills whoever takes it up must end some day.

    Housekeeping comes again by itself; given back, it would stand in the way of the next one.
    """
    if job.queueing_lock:
        await manager.finish_job(job=job, status=Status.ABORTED, delete_job=True)
    elif job.attempts + 1 >= jobs.ATTEMPTS:
        await manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
    else:
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="sweep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Forget jobs that are done after a week, and those that failed, which somebody may want to look at, after a month."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=7 * DAY_HOURS)
    await manager.delete_old_jobs(nb_hours=30 * DAY_HOURS, include_failed=True, include_aborted=True, include_cancelled=True)
