"""
A house from before the events: its days come out of the upgrade with what happened on them, and its book as it was.

The rows are made by today's code and written into the tables as they were then, with the columns that they had; between
the walls that stand there, as in every house.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.folding import days_of
from campanella.domains.attendance.models import DayEvent, Presence
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import guards, queries
from campanella.foundation.tenants.catalogue import Catalogue
from campanella.readings import proofs
from campanella.readings.proofs import trail
from campanella.usecases import mealtime
from tests import database
from tests.concurrency.conftest import committed, town
from tests.config.commands.running import Ended, in_a_process
from tests.recording import REGISTER, tables
from tests.towns import OFFICE, TODAY, Cast, as_owner

__all__ = ["committed", "town"]

pytestmark = [pytest.mark.slow, pytest.mark.process]

# Where each domain stood when days were marks that were written over.
THEN = [
    ("accounts", "0004_forgotten_password"),
    ("attendance", "0005_white_and_late"),
    ("core", "0001_initial"),
    ("enrolment", "0002_indexes"),
    ("ledger", "0004_seals"),
    ("messaging", "0003_what_it_speaks_of"),
    ("payments", "0007_wallet_of_a_position"),
    ("people", "0004_told_apart"),
    ("schools", "0002_indexes"),
    ("services", "0002_tariff_level"),
    ("support", "0001_initial"),
    ("tenants", "0002_waiting_choice"),
]
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def old(committed: str) -> Iterator[str]:  # a fixture
    """A database without a table."""
    server, name = os.environ["CAMPANELLA_TEST_SERVER"], urlsplit(committed).path.lstrip("/") + "_old"
    try:
        yield database.copy(server, "template0", name)
    finally:
        database.drop(server, name)


@contextmanager
def at_home_in(url: str) -> Iterator[None]:
    """Point Django at another database for a while."""
    told = connections["default"].settings_dict
    before = told["NAME"]
    for name in (urlsplit(url).path.lstrip("/"), before):
        connections["default"].close()
        connections["default"].close_pool()
        told["NAME"] = name
        queries.forget()
        if name != before:
            yield


def lived(town: Cast) -> None:  # a fixture
    """Yesterday Anna ate in white, Luca was marked absent, and Amina was corrected; today's sheet is begun."""
    teacher, meal, now = town.staff["school"], town.services["mensa"], clock.now()
    with scope(town.town.id), clock.standing_at(now - timedelta(days=1)):
        call, then = town.roll_call(day=YESTERDAY), clock.now()
        marks = {town.child("Anna").pk: Mark(True, is_white=True), town.child("Luca").pk: Mark(False)}
        attendance.mark_many(by=teacher, roll_call=call, marks=marks, now=then)
        moment = then + timedelta(minutes=20)
        mealtime.confirm(by=teacher, roll_call=call, absent_ids=[], adults=2, now=moment)
        mealtime.correct(
            by=OFFICE,
            child_id=town.child("Amina").pk,
            service=meal,
            day=YESTERDAY,
            is_present=False,
            reason="a casa",
            now=moment + timedelta(hours=2),
        )
    with scope(town.town.id):
        call = town.roll_call(day=TODAY)
        attendance.mark(by=teacher, roll_call_id=call.pk, child_id=town.child("Anna").pk, mark=Mark(False), now=now)


def rows_of(url: str, town_id: int) -> dict[str, str]:
    """Return the rows of a town, table by table, those first that others refer to."""
    with psycopg.connect(url) as house:
        house.execute("select set_config('app.town', %s, false)", [str(town_id)])
        rows = {
            table: house.execute(f"select json_agg(r)::text from {table} r").fetchone() for table in [REGISTER, *tables()]
        }
    return {table: row[0] for table, row in rows.items() if row and row[0]}


def write(url: str, rows: dict[str, str], town_id: int) -> None:
    """Write rows into the tables that were there, with the columns that they had."""
    with psycopg.connect(url) as house:
        house.execute("select set_config('app.town', %s, false)", [str(town_id)])
        for table, found in rows.items():
            there = house.execute(
                "select string_agg(quote_ident(attname), ', ') from pg_attribute"
                " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped and attgenerated = ''",
                [table],
            ).fetchone()
            if there and there[0]:
                house.execute(
                    f"insert into {table} ({there[0]}) select {there[0]}"
                    f" from json_populate_recordset(null::{table}, %s::json)",
                    [found],
                )
                # The next row takes the next number, as if these had been written one by one.
                house.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")


def as_it_was() -> None:
    """Make the tables of then, and the walls as far as these tables go."""
    with as_owner():
        MigrationExecutor(connection).migrate(THEN)
        found = Catalogue.read(using="default", role=settings.APPLICATION_ROLE)
        there = [model for model in guards.town_tables() if model._meta.db_table in found.tables]
        walls = [line for model in there for line in guards._keys(model, found) + guards._security(model, found)]
        for statement in [*walls, *(line for model in there for line in guards._references(model, found))]:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except ProgrammingError:
                pass  # of a table or a column that came later


def days() -> dict[tuple[date, str], tuple[bool, bool, bool]]:
    """Return what the days came to: there, to be paid, in white."""
    found = Presence.objects.select_related("child")
    return {(row.day, row.child.given_name): (row.is_present, row.is_due, row.is_white) for row in found}


def test_the_days_of_an_old_house_have_their_events_and_its_book_is_clean(old: str, committed: str, town: Cast) -> None:
    lived(town)
    rows = rows_of(committed, town.town.id)
    with at_home_in(old):
        as_it_was()
        write(old, rows, town.town.id)
        with psycopg.connect(old) as house:
            columns = house.execute("select attname from pg_attribute where attrelid = 'attendance_presence'::regclass")
            assert "is_due" not in {name for (name,) in columns}
            assert house.execute("select to_regclass('attendance_dayevent')").fetchone() == (None,)

        assert in_a_process("migrate", "-v0", DATABASE_URL=old) == Ended(0, "", "")

        with scope(town.town.id):
            assert days() == {
                (YESTERDAY, "Anna"): (True, True, True),
                (YESTERDAY, "Luca"): (False, False, False),
                (YESTERDAY, "Amina"): (False, False, False),
                (TODAY, "Anna"): (False, False, False),
            }
            meal = town.services["mensa"]
            children = [town.child(name).pk for name in ("Anna", "Luca", "Amina")]
            for day in (YESTERDAY, TODAY):
                folded = days_of(child_ids=children, service_id=meal.pk, day=day)
                assert [one.folded() for one in folded] == [None] * 3, "what is written is what the events say"
            assert set(DayEvent.objects.values_list("kind", "channel", "level")) == {("marked", "page", 1)}
            assert verify.violations() + proofs.violations() + trail.violations() == []
            assert town.balance("Anna") == -460
            assert guards.missing() == []
        verified = in_a_process("ledger", "verify", DATABASE_URL=old)
        assert verified.status == 0, verified

        # Life goes on: what was confirmed before the upgrade is corrected after it, and today's sheet is confirmed.
        with scope(town.town.id):
            now = clock.now()
            for name, there in (("Anna", False), ("Luca", True)):
                child = town.child(name).pk
                mealtime.correct(
                    by=OFFICE, child_id=child, service=meal, day=YESTERDAY, is_present=there, reason="errore", now=now
                )
            mealtime.confirm(by=OFFICE, roll_call=town.roll_call(), absent_ids=[], adults=None, now=now)
            assert [town.balance(name) for name in ("Anna", "Luca", "Amina")] == [0, -620, -460]
            assert verify.violations() + proofs.violations() == []
