"""What is done is forgotten after a week, what failed after a month: until then somebody may look at it."""

import pytest

from tests.towns import Cast
from tests.worker.conftest import Workers

pytestmark = [pytest.mark.slow, pytest.mark.process]

# How a job ended, and how many days ago.
ENDED = [("succeeded", 6), ("succeeded", 8), ("failed", 29), ("failed", 31), ("aborted", 29), ("aborted", 31)]


def test_old_jobs_are_forgotten_and_a_failed_one_waits_a_month(town: Cast, workers: Workers) -> None:
    for status, days in ENDED:
        row = workers.looking.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status)"
            " values ('default', %s, '{}', %s::text::procrastinate_job_status) returning id",
            [f"{status} {days}", status],
        ).fetchone()
        workers.looking.execute(
            "insert into procrastinate_events (job_id, type, at)"
            " values (%s, %s::text::procrastinate_job_event_type, now() - make_interval(days => %s))",
            [row and row[0], status, days],
        )
    workers.looking.execute("delete from procrastinate_events where at > now() - interval '1 day'")
    workers.looking.execute(
        "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
        " values ('default', 'sweep', 'sweep', '{\"timestamp\": 1}')"
    )

    workers.start()
    workers.wait_for(lambda: workers.count("task_name = 'sweep' and status = 'succeeded'") == 1)

    left = workers.looking.execute("select task_name from procrastinate_jobs where args = '{}' order by id").fetchall()
    assert left == [("succeeded 6",), ("failed 29",), ("aborted 29",)]
