"""Statements written by hand: for what is set-based, where the ORM would loop."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Values = Mapping[str, Any] | Sequence[Any]


def rows(statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def row(statement: str, values: Values) -> tuple[Any, ...] | None:
    """Run a statement and return its first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def run(statement: str, values: Values = ()) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@contextmanager
def reading_everything() -> Iterator[None]:
    """
    Read whole tables, for audits: joins by hash.

    A planner that takes a new town for a small one would look each row up among all the others, row by row.
    """
    run("set local enable_nestloop = off")
    yield
    run("set local enable_nestloop = on")
