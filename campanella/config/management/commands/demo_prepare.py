"""``campanella demo_prepare``: a step of ``demo``, as the owner of the tables."""

import os
import shutil
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from campanella.config import static
from campanella.config.command import OperatorCommand
from campanella.demo import seeding
from campanella.demo.state import State
from campanella.demo.towns import TOWNS
from campanella.foundation.tenants import queries as tenants


class Command(OperatorCommand):
    help = "Migrate, collect static files, register the demo's towns (a step of `demo`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipe", required=True)
        parser.add_argument("--fresh", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        static.collect()
        state, towns = State(settings.VAR), {town.slug: town.tax_code for town in tenants.all_towns()}
        ours = {plan.slug: plan.tax_code for plan in TOWNS}
        if not options["fresh"] and state.recipe == options["recipe"] and ours.items() <= towns.items():
            return
        strangers = sorted(towns.items() - ours.items())
        if strangers and not (options["fresh"] and not os.environ.get("DATABASE_URL")):
            names = ", ".join(slug for slug, _ in strangers)
            raise CommandError(
                f"The demo must be made anew, but its database also holds {names}: run `make demo-reset`, which forgets "
                "everything in the embedded database, or set DATABASE_URL to an empty one."
            )
        # Only now: what was refused leaves the demo as it was, and the wish it was made by still starts it.
        state.forget()
        with transaction.atomic():
            _empty()
            seeding.register_towns()
        for kept_outside in ("simulators", "files"):
            shutil.rmtree(settings.VAR / kept_outside, ignore_errors=True)


def _empty() -> None:
    """Forget every row but the migrations'."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]
        names = ", ".join(connection.ops.quote_name(name) for name in tables)
        cursor.execute(f"truncate {names} restart identity cascade")
