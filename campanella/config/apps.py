"""Plugs the table of reactions in, and refuses to start as a role that could see through the walls."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from campanella.foundation.core import events


class PluggedConfig(AppConfig):
    name = "campanella.config"
    label = "config"

    def ready(self) -> None:
        from campanella.usecases.reactions import REACTIONS

        events.install(REACTIONS)


@register(Tags.database)
def application_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The application's role may not bypass row-level security."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls, current_user from pg_roles where rolname = current_user")
        sees_through, role = cursor.fetchone()
    if sees_through:
        return [
            Error(
                f"The database role {role} sees through the walls between towns.",
                hint="Let DATABASE_URL name a role that may SET ROLE campanella_app.",
                id="campanella.E001",
            )
        ]
    return []
