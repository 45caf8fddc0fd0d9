"""Browsers for tests: somebody who is signed in to a town, and what a page cost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campanella.domains.accounts.models import User
from campanella.domains.accounts.sessions import SessionStore
from campanella.domains.accounts.signing import HASH_KEY, USER_KEY
from campanella.foundation.core.scope import naming
from campanella.foundation.tenants.queries import Town
from tests.towns import text_of


class Browser(Client):
    """A browser at one town's address; leaves the test's own scope as it found it."""

    def __init__(self, town: Town) -> None:
        super().__init__(HTTP_HOST=town.host)

    def request(self, **request: Any) -> Any:
        with scope_kept():
            answer = super().request(**request)
        # A page that is longer than it says is cut off in a real browser, and no test client sees it.
        said = answer.headers.get("Content-Length")
        assert said is None or answer.streaming or int(said) == len(answer.content) or request["REQUEST_METHOD"] == "HEAD"
        return answer

    def read(self, address: str, **data: str) -> str:
        """Return the words of a page."""
        return text_of(self.get(address, data or None))

    def seek(self, address: str, text: str) -> str:
        """Return the words of the page that a search leads to."""
        return text_of(self.post(address, {"q": text}, follow=True))


def browser(town: Town, user: User | None = None) -> Browser:
    """Return a browser, signed in when a user is given."""
    client = Browser(town)
    if user:
        with scope_kept(), naming(town.id):
            session = SessionStore()
            session[USER_KEY], session[HASH_KEY] = str(user.pk), user.get_session_auth_hash()
            # Tests go on months by months; who has signed in once stays.
            session.set_expiry(datetime(2099, 1, 1, tzinfo=UTC))
            session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """
    Hold a page to a number of questions to the tables; savepoints and the town's setting are no questions.

    Nor is the register of towns, which a process reads every few seconds whatever the page.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if re.search(r"\b(from|into|update)\s+\"?[a-z]+_", query["sql"], re.I)]
    asked = [sql for sql in asked if "tenants_municipality" not in sql]
    assert len(asked) <= count, f"{len(asked)} questions:\n" + "\n".join(sql[:200] for sql in asked)


@contextmanager
def scope_kept() -> Iterator[None]:
    """A request closes its own scope, and in PostgreSQL the test's around it: open it again."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.town', true)")
        before = cursor.fetchone()[0] or ""
        try:
            yield
        finally:
            cursor.execute("select set_config('app.town', %s, true)", [before])
