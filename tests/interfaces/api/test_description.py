"""The JSON API is as ``/api/v1/openapi.json`` says it is, whatever is sent: requests made up from the description itself."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from campanella.domains.accounts import passwords
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.tablets import PIN, Tablet, paired
from tests.towns import PASSWORD, Cast

load_all_checks()
OPERATIONS = ("/devices/pair", "/devices/take", "/rollcall/days", "/rollcall/events")
FEW = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _signing(tablet: Tablet) -> Callable[..., Iterable[bytes]]:
    """Send whatever passes as the tablet would: signed, to the town's address, within the test's transaction."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, body = environ["REQUEST_METHOD"], environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else "")
        headers = {"HTTP_AUTHORIZATION": f"Bearer {tablet.proof(method, path, body)}"}
        kind = environ.get("CONTENT_TYPE") or "application/json"
        answer = tablet.browser.generic(method, path, body, content_type=kind, **headers)
        start(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
        return [answer.content]

    return application


@pytest.mark.slow
@pytest.mark.parametrize("path", OPERATIONS)
def test_every_answer_is_as_described(valle: Cast, path: str) -> None:
    teacher = valle.staff["school"]
    passwords.choose_pin(user=teacher, pin=PIN, password=PASSWORD, now=clock.now())
    tablet = paired(valle.town, school_id=valle.school.pk)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _signing(tablet))
    operation = next(found.ok() for found in schema.get_all_operations() if found.ok().path == path)
    seen = []

    @FEW
    @_given(operation)
    def every(case: schemathesis.Case) -> None:
        answer = case.call()
        seen.append(answer.status_code)
        case.validate_response(answer, excluded_checks=_not_ours())

    every()

    assert len(seen) >= 10
    assert max(seen) < 500


def _given(operation: Any) -> Any:
    from hypothesis import given

    return given(operation.as_strategy())


def _not_ours() -> list[Any]:
    """Return what does not fit: a mark that is not as described is answered by itself, and a signature is no password."""
    return CHECKS.get_by_names(["negative_data_rejection", "positive_data_acceptance", "ignored_auth"])


def test_the_description_names_the_calls_there_are(valle: Cast) -> None:
    told = json.loads(browser(valle.town).get("/api/v1/openapi.json").content)
    assert sorted(told["paths"]) == sorted(OPERATIONS)
    assert told["openapi"] == "3.1.0"
