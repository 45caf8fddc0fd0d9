"""Statements written by hand: for what is set-based, where the ORM would loop."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import NoneType
from typing import Any

from django.db import connection

# What one hash, or one sort, of whoever reads everything may take before it goes by the disk.
MOST_MEGABYTES = 32
_SET = "select set_config('enable_nestloop', %s, true), set_config('work_mem', %s, true)"

Values = Mapping[str, Any] | Sequence[Any]


def rows(statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _written(values) or None)
        return list(cursor.fetchall())


def named_rows(statement: str, values: Values) -> list[dict[str, Any]]:
    """Run a statement and return its rows by column: for a page that reads many of them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _written(values))
        # Not ``description``: it makes an object for each column, of which only the name is wanted.
        said = cursor.pgresult
        names = [said.fname(number).decode() for number in range(said.nfields)]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def row(statement: str, values: Values) -> tuple[Any, ...] | None:
    """Run a statement and return its first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _written(values))
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def run(statement: str, values: Values = ()) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _written(values))
        return int(cursor.rowcount)


def take_turns(what: str, town_id: int, *, is_shared: bool = False) -> None:
    """
    Wait until no other transaction of the town is at the same work; the lock lasts until the end of this one.

    :param is_shared: others who share it do not wait
    """
    shared = "_shared" if is_shared else ""
    run(f"select pg_advisory_xact_lock{shared}(hashtext(%s), %s)", [what, town_id])


@contextmanager
def reading_everything() -> Iterator[None]:
    """
    Read whole tables, for audits: joins by hash, in memory rather than on the disk.

    A planner that takes a new town for a small one would look each row up among all the others, row by row.
    """
    run(_SET, ["off", f"{MOST_MEGABYTES}MB"])
    yield
    run(_SET, ["on", None])


def _written(values: Values) -> Values:
    """
    Return the values with every list of numbers, truths and texts written as PostgreSQL's array literal.

    The driver writes lists item by item, with a search for quotes in each number: for a town's day that was a seventh of
    the whole time. A statement says the type of its lists, as in ``%(children)s::bigint[]``, or compares them with a column.
    """
    if isinstance(values, Mapping):
        return {name: _array(value) for name, value in values.items()}
    return [_array(value) for value in values]


def _array(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kinds = set(map(type, value)) - {NoneType}
    if kinds <= {int} or kinds <= {bool}:
        return "{" + ",".join(map(str, value)).replace("None", "null") + "}"
    if kinds and all(issubclass(kind, str) for kind in kinds):
        return "{" + ",".join(map(_quoted, value)) + "}"
    return value


def _quoted(text: str | None) -> str:
    return "null" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
