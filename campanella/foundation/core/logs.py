"""
Structured logs: one JSON object a line, ids only.

Never a name, a tax code, an e-mail address, or an amount beside a name; a test reads the calls. The request's id is put
on every line and shown to the person on an error page.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from campanella.foundation.core.scope import active_town_id_or_none

request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON with town and request."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        if town := active_town_id_or_none():
            line["town"] = town
        if request := request_id.get():
            line["request"] = request
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD and key != "request"}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info).splitlines()[-12:]
        return json.dumps(line, default=str, ensure_ascii=False)
