"""What the job library writes to the log tells of jobs, never of what they were told."""

import json
import logging
from typing import Any

import pytest
from procrastinate.jobs import Job

from campanella.foundation.core import jobs
from campanella.foundation.core.logs import JsonFormatter, WithoutArguments
from tests.towns import Cast

ADDRESS = "paola.ricci@posta.example"
JOB = Job(
    id=12, queue="default", lock=None, queueing_lock=None, task_name="react",
    task_kwargs={"town": 1, "fields": {"asked": ADDRESS, "and": "(more)"}},
)  # fmt: skip


def written(record: logging.LogRecord) -> dict[str, Any]:
    """Write a record as the handler of the settings does."""
    assert WithoutArguments().filter(record)
    line: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return line


def test_a_failed_job_is_named_without_its_arguments() -> None:
    said = f"Job {JOB.call_string} ended with status: Error, lasted 0.012 s"
    extra = {"job": JOB.log_context(), "jobs": [JOB.log_context()], "kwargs": {"task_kwargs": JOB.task_kwargs}}
    record = logging.getLogger("procrastinate.worker.worker").makeRecord(
        "procrastinate.worker.worker", logging.ERROR, "worker.py", 1, said, (), None, extra=extra
    )
    line = written(record)

    assert ADDRESS not in json.dumps(line)
    assert line["event"].startswith("Job react[12]")
    assert (line["job"]["id"], line["job"]["task_name"]) == (12, "react")


def test_enqueuing_says_nothing_of_the_arguments(valle: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="procrastinate"):
        jobs.enqueue("react", town=valle.town.id, event="Asked", reaction="none", fields={"asked": ADDRESS})

    assert caplog.records
    assert ADDRESS not in json.dumps([written(record) for record in caplog.records])


def test_the_details_of_the_database_are_left_out() -> None:
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (email)=({ADDRESS}) already exists.")
    except ValueError as failure:
        record = logging.makeLogRecord({"name": "campanella", "exc_info": (ValueError, failure, failure.__traceback__)})

    assert ADDRESS not in json.dumps(written(record))
