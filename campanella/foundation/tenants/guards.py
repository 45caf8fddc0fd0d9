"""
The database's walls, put up after every migration for every town's table.

For each: a primary key and foreign keys that begin with the town, row-level security that is forced on the owner too, and
the application's grants (facts may be inserted and read, never changed). Running it again changes nothing. A test walks
the catalogue and fails on a table without walls.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models

from campanella.foundation.core.tables import TownForeignKey, TownRow

APPLICATION = "campanella_app"


def put_up(*, using: str = "default") -> None:
    """Put up every wall; the connection must own the tables."""
    with connections[using].cursor() as cursor:
        cursor.execute(_ROLE)
        cursor.execute(f"grant usage on schema public to {APPLICATION}")
        for model in town_tables():
            for statement in _keys(model) + _security(model) + _grants(model):
                cursor.execute(statement)
        for model in town_tables():
            for statement in _references(model):
                cursor.execute(statement)
        for statement in _COMMON:
            cursor.execute(statement)


def town_tables() -> Iterator[type[TownRow]]:
    """Every table that belongs to a town."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, TownRow) and model._meta.managed:
            yield model


def _keys(model: type[TownRow]) -> list[str]:
    table = model._meta.db_table
    primary = _unless(
        f"select 1 from pg_constraint where conname = '{table}_town_key'",
        f"alter table {table} drop constraint {table}_pkey,"
        f" add constraint {table}_town_key primary key (municipality_id, id)",
    )
    # A table with a reference inside the town needs no second proof that the town exists: its target has it.
    has_reference = any(isinstance(field, TownForeignKey) and not field.null for field in model._meta.local_fields)
    town = _foreign_key(f"{table}_town", table, "(municipality_id)", "tenants_municipality (id)")
    # Of a town that the last analyze has not seen, statistics say that it has one row, and the plans that follow multiply
    # all of its rows with all of its rows. Without statistics every town is taken for a middling one.
    middling = _unless(
        f"select 1 from pg_attribute where attrelid = '{table}'::regclass and attname = 'municipality_id'"
        " and attstattarget = 0",
        f"alter table {table} alter column municipality_id set statistics 0",
    )
    room = [f"alter table {table} set (fillfactor = 50)"] if model.written_over else []
    return [primary, middling, *room] if has_reference else [primary, town, middling, *room]


def _references(model: type[TownRow]) -> list[str]:
    table = model._meta.db_table
    references = [field for field in model._meta.local_fields if isinstance(field, TownForeignKey)]
    proven = {column for field in references for column in field.agreeing}
    return [
        _foreign_key(
            f"{table}_{field.column}"[:58] + "_town",
            table,
            f"({', '.join(['municipality_id', field.column, *field.agreeing])})",
            f"{_target(field)} ({', '.join(['municipality_id', 'id', *field.agreeing])})",
        )
        for field in references
        if field.column not in proven
    ]


def _target(field: models.ForeignKey[Any, Any]) -> str:
    related: type[models.Model] = field.remote_field.model
    return related._meta.db_table


def _security(model: type[TownRow]) -> list[str]:
    table = model._meta.db_table
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        _unless(
            f"select 1 from pg_policies where tablename = '{table}' and policyname = 'town'",
            f"create policy town on {table} using (municipality_id = {_TOWN}) with check (municipality_id = {_TOWN})",
        ),
    ]


def _grants(model: type[TownRow]) -> list[str]:
    table = model._meta.db_table
    allowed = "select, insert" if model.append_only else "select, insert, update, delete"
    return [f"revoke all on {table} from {APPLICATION}", f"grant {allowed} on {table} to {APPLICATION}"]


def _foreign_key(name: str, table: str, columns: str, target: str) -> str:
    return _unless(
        f"select 1 from pg_constraint where conname = '{name}'",
        f"alter table {table} add constraint {name} foreign key {columns} references {target}",
    )


def _unless(found: str, statement: str) -> str:
    quoted = statement.replace("'", "''")
    return f"do $$ begin if not exists ({found}) then execute '{quoted}'; end if; end $$"


_TOWN = "nullif(current_setting('app.town', true), '')::int"
_ROLE = f"""
do $$ begin
  if not exists (select 1 from pg_roles where rolname = '{APPLICATION}') then create role {APPLICATION} nologin; end if;
end $$
"""
_COMMON = [
    f"grant usage on all sequences in schema public to {APPLICATION}",
    f"grant execute on all functions in schema public to {APPLICATION}",
    # The register of towns is read by everybody; a town may change its own choices, nothing else.
    f"revoke all on tenants_municipality from {APPLICATION}",
    f"grant select, update (choices) on tenants_municipality to {APPLICATION}",
    "alter table tenants_municipality enable row level security",
    "alter table tenants_municipality no force row level security",
    _unless(
        "select 1 from pg_policies where tablename = 'tenants_municipality' and policyname = 'everybody_reads'",
        "create policy everybody_reads on tenants_municipality for select using (true)",
    ),
    _unless(
        "select 1 from pg_policies where tablename = 'tenants_municipality' and policyname = 'own_choices'",
        f"create policy own_choices on tenants_municipality for update using (id = {_TOWN})",
    ),
    # The jobs' tables carry ids only and are the worker's own business.
    f"""do $$ declare t text; begin
      for t in select tablename from pg_tables where schemaname = 'public' and tablename like 'procrastinate%' loop
        execute format('grant select, insert, update, delete on %I to {APPLICATION}', t);
      end loop; end $$""",
    f"grant select on django_migrations to {APPLICATION}",
]
