"""What every page and control address share: bodies read once, answers written one way."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from campanella.simulators import amounts, clock
from campanella.simulators.pagopa import notices
from campanella.simulators.simulators import Simulators

HERE = Path(__file__).parent
LARGEST_BODY = 1_000_000

Body = Mapping[str, Any]
Endpoint = Callable[[Request, Body], Response]

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)


class BadRequest(ValueError):
    """The caller asked for something we cannot do; the message says what."""


def of(request: Request) -> Simulators:
    """The simulators this application serves."""
    return cast(Simulators, request.app.state.simulators)


def page(name: str, *, status: int = 200, refresh: int | None = None, **values: object) -> HTMLResponse:
    """Render one page; `refresh` is the seconds after which it loads itself again."""
    return HTMLResponse(_templates.get_template(name).render(refresh=refresh, **values), status_code=status)


def see_other(url: str) -> Response:
    """Send the browser on after a form."""
    return RedirectResponse(url, status_code=303)


def answer(value: object, status: int = 200) -> JSONResponse:
    """A JSON answer; data classes become objects."""
    return JSONResponse(json.loads(json.dumps(value, default=_plain)), status_code=status)


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """A ProblemJson, as pagoPA's services answer."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status_code=status, media_type="application/problem+json")


def form(endpoint: Endpoint) -> Callable[[Request], Any]:
    """Let a plain function answer a request with its form (empty for GET), outside the event loop."""

    async def read_and_call(request: Request) -> Response:
        if request.method in {"GET", "HEAD"}:
            values: Body = dict(request.query_params)
        else:
            values = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        return await run_in_threadpool(endpoint, request, values)

    return read_and_call


def api(endpoint: Endpoint) -> Callable[[Request], Any]:
    """Let a plain function answer a request with a JSON object; what it cannot do is a 400 with a reason."""

    async def read_and_call(request: Request) -> Response:
        try:
            body = _json_object(await read_body(request))
            return await run_in_threadpool(endpoint, request, body)
        except BadRequest as refusal:
            return answer({"error": str(refusal)}, 400)

    return read_and_call


async def read_body(request: Request, *, largest: int = LARGEST_BODY) -> bytes:
    """
    Read a body of reasonable size.

    :raises HTTPException: larger than that, usually a megabyte (413)
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise HTTPException(413, "body too large")
    return bytes(body)


def _json_object(body: bytes) -> Body:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON")
    if not isinstance(value, dict):
        raise BadRequest("the body is not a JSON object")
    return value


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _when(text: str | datetime) -> str:
    """`2026-11-21T08:40:00+01:00` -> `21/11/2026, 08:40:00`."""
    instant = datetime.fromisoformat(text) if isinstance(text, str) else text
    return instant.astimezone(clock.ROME).strftime("%d/%m/%Y, %H:%M:%S")


def _grouped(number: str) -> str:
    """A notice number in groups of four digits."""
    return "\N{NO-BREAK SPACE}".join(number[place : place + 4] for place in range(0, len(number), 4))


_templates.filters.update(
    euro=amounts.to_page,
    when=_when,
    grouped=_grouped,
    explain=notices.explain,
    day=lambda d: "/".join(d[:10].split("-")[::-1]),
)
_templates.globals["now"] = clock.now
