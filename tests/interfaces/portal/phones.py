"""A person with a phone: signs in through the real page and reads words, not markup."""

import html
import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campanella.domains.accounts.models import User
from tests.towns import PASSWORD, tell_again


class Phone:
    """A browser at one town's address; after each page the scope of the test is as it was."""

    def __init__(self, host: str = "valle.localhost") -> None:
        self.client = Client(HTTP_HOST=host)

    def get(self, path: str, **options: Any) -> HttpResponse:
        """Open a page."""
        return self._asked(self.client.get(path, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> HttpResponse:
        """Send a form."""
        return self._asked(self.client.post(path, data or {}, **options))

    def sign_in(self, user: User | str, password: str = PASSWORD, **more: str) -> HttpResponse:
        """Fill in the sign-in page and send it."""
        name = user if isinstance(user, str) else user.username
        return self.post("/entra/", {"username": name, "password": password, **more})

    @staticmethod
    def _asked(answer: Any) -> HttpResponse:
        tell_again()
        page: HttpResponse = answer
        return page


def phone(user: User, host: str = "valle.localhost") -> Phone:
    """Return a phone on which somebody is signed in."""
    one = Phone(host)
    answer = one.sign_in(user)
    assert answer.status_code == 302, words(answer)
    return one


def words(answer: HttpResponse) -> str:
    """Return the words of a page as they are read: no markup, blanks folded."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def questions(one: Phone, path: str) -> list[str]:
    """
    Return every statement a page sends to the database, session, user and town included.

    Left out is what only the test's outer transaction causes (savepoints, the closing of the inner scope), and the register
    of towns, which a process reads every few seconds.
    """
    one.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = one.get(path)
    assert answer.status_code == 200, words(answer)
    asked = [query["sql"] for query in captured.captured_queries]
    of_the_test = ("SAVEPOINT", "RELEASE", "select set_config('app.town', '',")
    asked = asked[:-1]  # the test's own town, told again after the page
    return [sql for sql in asked if not sql.startswith(of_the_test) and "tenants_municipality" not in sql]
