"""What every request passes on its way to a page."""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg import errors
from psycopg_pool import PoolTimeout

from campanella.config.middleware import OnceMore
from tests.towns import PASSWORD, Cast


@pytest.fixture
def secure(settings: Any) -> None:
    """An installation with real addresses."""
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize("path", ["/", "/static/x.css", "/theme/x.css", "/entra/"])
def test_nobody_is_led_to_a_name_that_is_not_ours(db: None, secure: None, path: str) -> None:
    answer = Client(HTTP_HOST="ours.attacker.example").get(path)
    assert answer.status_code == 404
    assert "Location" not in answer


def test_our_own_names_lead_to_https(valle: Cast, secure: None) -> None:
    answer = Client(HTTP_HOST=valle.town.host).get("/entra/")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{valle.town.host}/entra/")


@pytest.mark.parametrize("path", ["/health/live", "/metrics"])
def test_a_monitor_is_led_nowhere(db: None, secure: None, path: str) -> None:
    assert Client(HTTP_HOST="127.0.0.1").get(path).status_code in (200, 404)


def answered(method: str, *failures: Exception) -> list[int]:
    """Let a page fail in turn, then be well; return each status that it had."""
    waiting, statuses = list(failures), []

    def page(request: HttpRequest) -> HttpResponse:
        status = 200
        if waiting:
            try:
                raise OperationalError("broke") from waiting.pop(0)
            except OperationalError:
                got_request_exception.send(None, request=request)
                status = 500
        statuses.append(status)
        return HttpResponse(status=status)

    answer = OnceMore(page)(RequestFactory().generic(method, "/"))
    assert answer.status_code == statuses[-1]
    return statuses


def test_a_page_whose_connection_broke_is_answered_again(db: None) -> None:
    assert answered("GET", errors.AdminShutdown()) == [500, 200]
    assert answered("GET", psycopg.OperationalError("server closed the connection unexpectedly")) == [500, 200]
    assert answered("GET", *[errors.AdminShutdown()] * 3) == [500, 500, 500, 200], "all that rested broke together"
    assert answered("GET", *[errors.AdminShutdown()] * 99) == [500] * (settings.WEB_THREADS + 2)


def test_a_server_that_is_back_after_the_pools_patience_is_waited_for_once(db: None) -> None:
    assert answered("GET", errors.AdminShutdown(), PoolTimeout("nobody came")) == [500, 500, 200]
    assert answered("GET", errors.AdminShutdown(), *[PoolTimeout("nobody came")] * 9) == [500] * 3
    assert answered("GET", *[errors.AdminShutdown(), PoolTimeout("nobody came")] * 9) == [500] * 4


def test_what_writes_or_failed_otherwise_is_not_tried_again(db: None) -> None:
    assert answered("POST", errors.AdminShutdown()) == [500]
    assert answered("GET", errors.QueryCanceled()) == [500]
    assert answered("GET", errors.DiskFull()) == [500]
    assert answered("GET", PoolTimeout("nobody came")) == [500]


def test_the_cookie_behind_the_forms_is_sent_once(valle: Cast) -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=valle.town.host)
    first, second = strict.get("/entra/"), strict.get("/entra/")

    assert first.cookies[settings.CSRF_COOKIE_NAME].value
    assert settings.CSRF_COOKIE_NAME not in second.cookies
    assert first["Vary"] == second["Vary"] == "Cookie"
    token = second.context["csrf_token"]
    sent = {"username": "rossi", "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    entered = strict.post("/entra/", sent)
    assert entered.status_code == 302, "what the second page said is believed"
    changed = entered.cookies[settings.CSRF_COOKIE_NAME].value
    assert changed != first.cookies[settings.CSRF_COOKIE_NAME].value, "a new person, a new secret"


@pytest.mark.parametrize("planted", ["", "short", "x" * 64])
def test_a_cookie_that_is_none_is_replaced(valle: Cast, planted: str) -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=valle.town.host)
    strict.cookies[settings.CSRF_COOKIE_NAME] = planted

    answer = strict.get("/entra/")

    assert answer.cookies[settings.CSRF_COOKIE_NAME].value != planted
