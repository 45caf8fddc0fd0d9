"""Jobs of the core: running reactions, and taking up what a dead worker left."""

from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app

from campanella.foundation.core import events, jobs

STALLED_SECONDS = 6


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
        await manager.retry_job(stalled)


@app.periodic(cron="17 3 * * *")
@app.task(name="sweep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Forget finished jobs after a week."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 7)
