"""A transaction of our own: what begins it tells the town, and nothing of it is left on the connection."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import _queries

from campanella.foundation.core import sql
from campanella.foundation.core.scope import naming, scope
from campanella.readings.family import home_rows

pytestmark = pytest.mark.django_db
TOWN = 4711


def _elsewhere(work: Callable[[], Any]) -> Any:
    """Do something on a connection of one's own, as a web thread has one: outside the transaction around every test."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as failure:  # raised again below, in the test's own thread
            found.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _town() -> str:
    return str(sql.rows("select coalesce(current_setting('app.town', true), '')")[0][0])


def _paper() -> None:
    """Something to write on: this connection's alone."""
    sql.run("create temporary table if not exists written (n int)")
    sql.run("delete from written")


def test_a_scope_costs_one_statement_more_than_what_is_asked_in_it() -> None:
    def work() -> list[str]:
        with CaptureQueriesContext(connection) as captured, scope(TOWN):
            sql.rows("select 1")
        return [query["sql"] for query in captured.captured_queries]

    assert _elsewhere(work) == ["BEGIN", "select 1", "COMMIT"]


def test_our_longest_statement_is_looked_through_for_its_places_once() -> None:
    family_home = "/* as long as the one of a family's first page */".ljust(len(home_rows._HOME))
    statement = f"select %(n)s::int {family_home}"
    looked_through = _queries._query2pg

    assert sql.rows(statement, {"n": 1}) == [(1,)]
    before = looked_through.cache_info()
    assert sql.rows(statement, {"n": 2}) == [(2,)]

    now = looked_through.cache_info()
    assert (now.hits, now.misses) == (before.hits + 1, before.misses)


def test_the_town_is_told_for_this_transaction_only() -> None:
    def work() -> tuple[str, str, str]:
        with scope(TOWN):
            inside = _town()
        outside = _town()
        with scope(TOWN + 1):
            another = _town()
        return inside, outside, another

    assert _elsewhere(work) == (str(TOWN), "", str(TOWN + 1))


def test_a_transaction_without_a_scope_has_no_town() -> None:
    def work() -> tuple[str, str]:
        with transaction.atomic():
            alone = _town()
        with naming(TOWN), transaction.atomic():
            return alone, _town()

    assert _elsewhere(work) == ("", "")


def test_what_fails_is_undone_and_the_connection_serves_the_next() -> None:
    def work() -> tuple[bool, str, bool]:
        _paper()
        with pytest.raises(DatabaseError), scope(TOWN):
            assert sql.run("insert into written values (1)") / sql.run("select 1 / 0")
        is_undone = sql.rows("select count(*) from written") == [(0,)]
        with scope(TOWN):
            sql.run("insert into written values (2)")
            told = _town()
        return is_undone, told, sql.rows("select n from written") == [(2,)]

    assert _elsewhere(work) == (True, str(TOWN), True)


def test_outside_a_transaction_each_statement_stands_for_itself() -> None:
    def work() -> int:
        _paper()
        sql.run("insert into written values (1)")
        connection.rollback()
        return int(sql.rows("select count(*) from written")[0][0])

    assert _elsewhere(work) == 1


def test_a_transaction_that_cannot_begin_leaves_nothing_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> tuple[bool, str]:
        connection.ensure_connection()
        driver = connection.connection
        execute = driver.execute
        driver.execute = lambda statement, **options: execute(statement + "; select 1 / 0", **options)
        with pytest.raises(DatabaseError), scope(TOWN):
            raise AssertionError("not reached")
        del driver.execute
        with scope(TOWN):
            return connection.in_atomic_block, _town()

    assert _elsewhere(work) == (True, str(TOWN))


def test_inside_the_transaction_of_another_the_town_is_told_and_taken_back() -> None:
    with scope(TOWN):
        assert _town() == str(TOWN)
    assert _town() == ""
