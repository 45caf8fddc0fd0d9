"""
What must hold before the installation starts: Django's system checks of our own.

``campanella serve`` and ``campanella worker`` run them and refuse to start on an error;
``campanella check --database default`` shows them all.
"""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from campanella.domains.payments.choices import PagopaChoices
from campanella.foundation.core import sql
from campanella.foundation.tenants import guards
from campanella.foundation.tenants import queries as tenants

START = "campanella"
SHORTEST_KEY = 50


@register(Tags.database, START)
def application_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Neither the application's role nor the one that signed in, to which one may go back, bypasses row-level security."""
    if not databases:
        return []
    found = sql.rows(
        "select rolname from pg_roles where (rolsuper or rolbypassrls)"
        " and (rolname = current_user or (not %s and rolname = session_user)) order by rolname",
        [settings.DEMO],
    )
    return [
        Error(
            f"The database role {role} sees through the walls between towns.",
            hint="Let DATABASE_URL sign in as a role of its own (docs/operate/database.md).",
            id="campanella.E001",
        )
        for (role,) in found
    ]


@register(Tags.database, START)
def migrations(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The tables are as this version needs them."""
    if not databases:
        return []
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return []
    return [
        Error(
            f"The database is not as this version needs it: {len(waiting)} migrations are waiting.",
            hint="Run “campanella migrate”.",
            id="campanella.E003",
        )
    ]


@register(Tags.database, START)
def owns_nothing(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Who acts, and who signed in, may not become the owner of the tables: that one lifts walls and rewrites the book."""
    if not databases:
        return []
    found = sql.rows(_MAY_OWN, [_signs_in_once()])
    return [
        Error(
            f"The database role {role} is, or may become, the owner of the tables: it could rewrite the book.",
            hint="Let DATABASE_URL sign in as a role of its own, DATABASE_OWNER_URL as this one (docs/operate/database.md).",
            id="campanella.E004",
        )
        for (role,) in found
    ]


@register(Tags.database, START)
def walls(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every table has its walls, and no stranger of the server may enter the database."""
    if not databases or migrations(databases=databases):
        return []
    found = [f"the walls of the tables ({len(missing)} are missing)"] if (missing := guards.missing()) else []
    if not _signs_in_once() and sql.rows(_OPEN_DATABASE) == [(True,)]:
        found.append("the door of the database (every role of the server may enter)")
    return [
        Error(f"Not as it must be: {' and '.join(found)}.", hint="Run “campanella migrate”.", id="campanella.E005")
        for _ in found[:1]
    ]


@register(Tags.security, START)
def secret_key(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whatever is no demo has a key that nobody else knows."""
    key = str(settings.SECRET_KEY)
    if not databases or settings.DEMO or (key != settings.OPEN_KEY and len(key) >= SHORTEST_KEY):
        return []
    return [
        Error(
            "The secret key is the one that everybody can read, or too short: sessions and links could be forged.",
            hint=f"Set CAMPANELLA_SECRET_KEY to at least {SHORTEST_KEY} random characters.",
            id="campanella.E002",
        )
    ]


@register(Tags.database, START)
def accounts_of_towns(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A town without an IBAN makes notices that nobody can pay."""
    if not databases:
        return []
    try:
        towns = tenants.all_towns()
    except ProgrammingError:  # a new database, whose tables are still to be made
        return []
    return [
        Warning(
            f"{town.name} has no IBAN: its notices cannot be paid.",
            hint="The office writes it under Impostazioni.",
            id="campanella.W001",
        )
        for town in towns
        if not town.chosen(PagopaChoices).iban
    ]


def _signs_in_once() -> bool:
    """The demo and the tests may sign in once, as the owner: then the acting role counts. With real addresses never."""
    return bool(os.environ.get("DATABASE_ROLE")) and (settings.DEMO or not settings.SECURE)


_MAY_OWN = """
select who.rolname from pg_roles who
 where (who.rolname = current_user or (not %s and who.rolname = session_user))
   and exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                  and pg_has_role(who.oid, c.relowner, 'member'))
 order by who.rolname
"""

_OPEN_DATABASE = "select has_database_privilege('public', current_database(), 'connect')"
