"""
Structured logs: one JSON object a line, ids only.

Never a name, a tax code, an e-mail address, or an amount beside a name; a test reads the calls. The request's id is put
on every line and shown to the person on an error page.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from campanella.foundation.core.scope import active_town_id_or_none

request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


# ``react[12](town=1, event=…)``, as the job library writes a job: what it was told is nobody's business in a log.
_CALL = re.compile(r"(\w+\[\d*\w*\])\(.*\)", re.DOTALL)
_OF_A_JOB = ("id", "task_name", "queue", "attempts", "status", "priority")


class WithoutArguments(logging.Filter):
    """Lets the job library speak of its jobs without repeating what they were told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the arguments out of the library's records; other records pass as they are."""
        if record.name.partition(".")[0] == "procrastinate":
            record.msg, record.args = _CALL.sub(r"\1", record.getMessage()), ()
            for name in ("job", "jobs", "kwargs"):
                if name in vars(record):
                    setattr(record, name, _named(getattr(record, name)))
        return True


def _named(jobs: object) -> object:
    if isinstance(jobs, list):
        return [_named(job) for job in jobs]
    return {key: jobs[key] for key in _OF_A_JOB if key in jobs} if isinstance(jobs, dict) else ""


def _event(record: logging.LogRecord) -> str:
    """Give the words of a record; Django writes the path of a page, which may carry a key: its address is named instead."""
    words = record.getMessage()
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    if len(path) <= 1:
        return words
    match = getattr(request, "resolver_match", None)
    return words.replace(path, f"/{match.route}" if match else "(no page)")


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON with town and request."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
            "logger": record.name,
        }
        if town := active_town_id_or_none():
            line["town"] = town
        if request := request_id.get():
            line["request"] = request
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD and key != "request"}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            trace = self.formatException(record.exc_info).splitlines()
            # PostgreSQL's details repeat the row.
            line["trace"] = [text for text in trace if not text.startswith(("DETAIL:", "CONTEXT:"))][-12:]
        return json.dumps(line, default=str, ensure_ascii=False)
