"""
What must hold before the installation starts: Django's system checks of our own.

``campanella serve`` and ``campanella worker`` run them and refuse to start on an error;
``campanella check --database default`` shows them all.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from campanella.config.database import APPLICATION
from campanella.foundation.core import sql
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
            hint="Let DATABASE_URL name a role that may SET ROLE campanella_app.",
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
def acting_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The role asked for is the one that acts: a pooler in between may leave it out, and then nothing is insert only."""
    if not databases or f"role={APPLICATION}" not in connection.settings_dict["OPTIONS"]["options"]:
        return []
    ((role,),) = sql.rows("select current_user")
    if role == APPLICATION:
        return []
    return [
        Error(
            f"The database acts as {role}, not as {APPLICATION}: something between leaves the role out.",
            hint=f"Let the pooler say SET ROLE {APPLICATION} on each connection that it opens (docs/operate/around.md).",
            id="campanella.E004",
        )
    ]


@register(Tags.security, START)
def secret_key(**_: Any) -> list[CheckMessage]:
    """An installation with real addresses has a key that nobody else knows."""
    key = str(settings.SECRET_KEY)
    if settings.DEMO or not settings.SECURE or (key != settings.OPEN_KEY and len(key) >= SHORTEST_KEY):
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
        if not town.choices.iban
    ]
