"""``campanella migrate`` on a house where people live: it looks first, and changes only what differs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import errors

from campanella.config import checks
from campanella.foundation.tenants import guards
from tests.concurrency.conftest import committed  # noqa: F401  # a fixture
from tests.config.commands.running import Ended, in_a_process
from tests.towns import as_owner

TABLE = "ledger_transfer"

# Every row of the catalogue that a change of ours would write anew.
_CATALOGUE = """
select 'relation', oid::bigint, xmin::text from pg_class where relnamespace = 'public'::regnamespace
union all select 'column', attrelid::bigint * 1000 + attnum, xmin::text from pg_attribute
           where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
union all select 'policy', oid::bigint, xmin::text from pg_policy
union all select 'constraint', oid::bigint, xmin::text from pg_constraint where connamespace = 'public'::regnamespace
union all select 'function', oid::bigint, xmin::text from pg_proc where pronamespace = 'public'::regnamespace
union all select 'database', oid::bigint, xmin::text from pg_database where datname = current_database()
 order by 1, 2
"""


def catalogue(url: str) -> list[tuple[str, int, str]]:
    """Read what stands in the catalogue, with who wrote it last."""
    with psycopg.connect(url) as looking:
        return looking.execute(_CATALOGUE).fetchall()


@contextmanager
def reader(url: str) -> Iterator[None]:
    """Somebody reads every table for a while: a backup, an audit."""
    with psycopg.connect(url) as reading:
        for table in [model._meta.db_table for model in guards.town_tables()]:
            reading.execute(f"select count(*) from {table}")
        yield


@pytest.mark.process
def test_with_nothing_to_apply_it_writes_nothing_and_waits_for_nobody(committed: str) -> None:  # noqa: F811
    in_a_process("migrate", "-v0", DATABASE_URL=committed)  # shuts the door of the copy
    before = catalogue(committed)

    with reader(committed):
        again = in_a_process("migrate", "-v0", DATABASE_URL=committed)

    assert again == Ended(0, "", "")
    assert catalogue(committed) == before


@pytest.mark.process
def test_a_change_that_must_wait_too_long_changes_nothing_and_says_so(committed: str) -> None:  # noqa: F811
    role = settings.APPLICATION_ROLE
    with psycopg.connect(committed, autocommit=True) as owner:
        owner.execute(f"alter table {TABLE} no force row level security")
        owner.execute(f"grant delete on {TABLE} to {role}")

        with reader(committed):
            refused = in_a_process("migrate", "-v0", DATABASE_URL=committed)

        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith("Somebody is at work on what must change")
        assert refused.err.count("\n") == 1
        may = f"select has_table_privilege('{role}', '{TABLE}', 'delete')"
        assert owner.execute(may).fetchone() == (True,), "the walls of a table change together or not at all"

        assert in_a_process("migrate", "-v0", DATABASE_URL=committed) == Ended(0, "", "")
        assert owner.execute(may).fetchone() == (False,)


def test_pages_that_are_open_meanwhile_are_never_refused(committed: str) -> None:  # noqa: F811
    role, done, refused = settings.APPLICATION_ROLE, threading.Event(), []

    def page() -> None:
        with psycopg.connect(committed, autocommit=True) as client:
            client.execute(f"set role {role}")
            while not done.is_set():
                try:
                    client.execute(f"select count(*) from {TABLE}")
                except errors.InsufficientPrivilege as failure:
                    refused.append(failure)

    clients = [threading.Thread(target=page) for _ in range(3)]
    for client in clients:
        client.start()
    with connection.cursor() as cursor, as_owner():
        for _ in range(40):
            cursor.execute(f"grant delete, truncate on {TABLE} to {role}")
            guards.put_up()
    done.set()
    for client in clients:
        client.join()
    assert refused == []
    assert guards.missing() == []


@pytest.mark.parametrize(
    "damage",
    [
        f"alter table {TABLE} disable row level security",
        f"drop policy town on {TABLE}",
        f"alter policy town on {TABLE} using (true)",
        f"alter policy town on {TABLE} with check (true)",
        f"alter policy town on {TABLE} using (municipality_id >= nullif(current_setting('app.town', true), '')::int)",
        f"alter policy town on {TABLE} to {{role}}",
        f"create policy hole on {TABLE} using (true)",
        f"drop policy town on {TABLE}; create policy town on {TABLE} for select using (true)",
        "alter policy own_choices on tenants_municipality using (true)",
        "alter policy read_by_its_town on payments_inboundmessage using (true)",
        "drop policy kept on payments_inboundmessage",
        f"grant update on {TABLE} to {{role}}",
        f"grant select on {TABLE} to public",
        "grant update (name) on tenants_municipality to {role}",
        "revoke select on accounts_session from {role}",
        "grant delete on payments_inboundmessage to {role}",
    ],
)
def test_a_wall_that_is_missing_is_told_and_put_up_again(db: None, damage: str) -> None:
    assert guards.missing() == []
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(damage.format(role=settings.APPLICATION_ROLE))
        (told,) = checks.walls(databases=["default"])
        assert told.id == "campanella.E005"
        guards.put_up()
    assert guards.missing() == []
    assert checks.walls(databases=["default"]) == []
