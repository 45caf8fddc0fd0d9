"""
A town that is made once and then put back: what it takes a hundred statements to make, one statement writes again.

Every test meets the same town. The first test of a worker makes it by calling operations; its rows are kept as they stand in
the tables, and from then on they are written back, with the same keys (no sequence ever goes back).
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants

if TYPE_CHECKING:
    from tests.towns import Cast

REGISTER = "tenants_municipality"


@dataclass(frozen=True)
class Recording:
    """
    A town's rows as statements, and its people as they came out of the making.

    Apart, as the owner writes them: its row in the register; and the jobs that wait for it.
    """

    town_id: int
    register: str
    rows: str
    jobs: str
    cast: bytes


_recordings: dict[tuple[str, str], Recording] = {}


def forget() -> None:
    """Begin with a new database: its sequences stand at their beginning."""
    _recordings.clear()


def recorded(slug: str, make: Callable[[], "Cast"]) -> "Cast":
    """Give the town, made the first time and written back afterwards; call it inside no scope."""
    key = slug, clock.now().isoformat()
    kept = _recordings.get(key)
    if kept is None:
        cast = make()
        _recordings[key] = _record(cast)
        return cast
    with connection.cursor() as cursor:
        cursor.execute("set role none")
        cursor.execute(kept.register)
        cursor.execute(f"set role {settings.APPLICATION_ROLE}")
        with scope(kept.town_id):
            cursor.execute(kept.rows)
        if kept.jobs:
            cursor.execute("set role none")
            cursor.execute(kept.jobs)
            cursor.execute(f"set role {settings.APPLICATION_ROLE}")
    tenants.forget()
    cast: Cast = pickle.loads(kept.cast)
    return cast


def _record(cast: "Cast") -> Recording:
    town = cast.town.id
    with scope(town):
        register = _statement(REGISTER, f"id = {town}")
        rows = [_statement(table, f"municipality_id = {town}") for table in tables()]
        jobs = _statement("procrastinate_jobs", f"args->>'town' = '{town}'")
    return Recording(town, register, ";\n".join(row for row in rows if row), jobs, pickle.dumps(cast))


def tables() -> list[str]:
    """Return the tables that belong to towns, those that others refer to first."""
    with connection.cursor() as cursor:
        cursor.execute(
            # What the tables have told of themselves, they tell again when they are written back.
            "select c.oid::regclass::text, (select array_agg(distinct f.confrelid::regclass::text) from pg_constraint f"
            " where f.conrelid = c.oid and f.contype = 'f')"
            " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'municipality_id'"
            " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'core_change'"
        )
        needed = {table: set(others or []) - {table} for table, others in cursor.fetchall()}
    return [table for table in TopologicalSorter(needed).static_order() if table in needed]


def _statement(table: str, where: str) -> str:
    """Return the statement that writes a town's rows of a table again; empty without any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
            [table],
        )
        columns = cursor.fetchone()[0]
        cursor.execute(f"select quote_literal(json_agg(r)::text) from {table} r where {where}")
        rows = cursor.fetchone()[0]
    if rows is None:
        return ""
    return f"insert into {table} ({columns}) select {columns} from json_populate_recordset(null::{table}, {rows}::json)"
