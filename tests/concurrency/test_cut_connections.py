"""A page whose connection the server cuts is answered all the same, at whichever of its statements that happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from campanella.config.engine.base import DatabaseWrapper
from campanella.domains.accounts.roles import Role
from tests.browsing import browser
from tests.towns import Cast

PAGES = [("rossi", "/"), ("rossi", "/pagamenti/"), (Role.SCHOOL, "/appello/"), (Role.OFFICE, "/ufficio/"), (None, "/entra/")]


class Scissors:
    """Counts the statements and commits of a page and lets the server end the connection before one of them."""

    def __init__(self, admin: "psycopg.Connection[Any]", at: int) -> None:
        self.admin, self.at, self.seen = admin, at, 0

    def __call__(self, execute: Any, *statement: Any) -> Any:
        self.near()
        return execute(*statement)

    def near(self) -> None:
        """Count, and cut where it is time."""
        self.seen += 1
        if self.seen == self.at:
            pid = connection.connection.info.backend_pid
            self.admin.execute("select pg_terminate_backend(%s, 5000)", [pid])


@contextmanager
def cut(url: str, at: int) -> Iterator[Scissors]:
    with psycopg.connect(url, autocommit=True) as admin:
        scissors, commit = Scissors(admin, at), DatabaseWrapper._commit

        def committing(self: DatabaseWrapper) -> Any:
            scissors.near()
            return commit(self)

        with connection.execute_wrapper(scissors), pytest.MonkeyPatch.context() as patch:
            patch.setattr(DatabaseWrapper, "_commit", committing)
            yield scissors


@pytest.mark.slow
def test_wherever_the_connection_is_cut_the_page_comes(committed: str, town: Cast) -> None:
    for who, path in PAGES:
        user = town.families[who].user if who == "rossi" else town.staff[who] if who else None
        client = Client(HTTP_HOST=town.town.host, raise_request_exception=False)
        client.cookies = browser(town.town, user).cookies
        with cut(committed, 0) as scissors:
            assert client.get(path).status_code == 200
        answers = []
        for at in range(1, scissors.seen + 1):
            with cut(committed, at):
                answers.append(client.get(path).status_code)
        assert set(answers) == {200}, f"{path}: {answers}"
