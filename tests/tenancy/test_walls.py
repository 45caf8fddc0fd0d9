"""The walls between towns: in Python, in every table of the catalogue, and through the pool."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from campanella.domains.people.models import Child
from campanella.foundation.core.scope import AnotherTownIsActive, NoActiveTown, scope
from campanella.foundation.core.tables import TownRow
from campanella.foundation.tenants import guards
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.towns import TODAY, Cast, as_owner

TABLES = sorted(model._meta.db_table for model in guards.town_tables())


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_a_query_without_a_town_raises(borgo: Cast) -> None:
    with pytest.raises(NoActiveTown):
        Child.objects.count()
    with pytest.raises(NoActiveTown):
        Child.objects.create(given_name="A", family_name="B", code="x")


def test_a_second_town_inside_the_first_raises(borgo: Cast, valle: Cast) -> None:
    with pytest.raises(AnotherTownIsActive), scope(borgo.town.id):
        pass


def test_raw_sql_sees_only_the_active_town(borgo: Cast, valle: Cast) -> None:
    names = {row[0] for row in _ask("select distinct municipality_id from people_child")}
    assert names == {valle.town.id}
    assert _ask("select count(*) from people_child where municipality_id = %s", borgo.town.id) == [(0,)]


def test_raw_sql_without_a_town_sees_nothing(borgo: Cast) -> None:
    for table in TABLES:
        assert _ask(f"select count(*) from {table}") == [(0,)], table


def test_a_row_of_another_town_cannot_be_written_or_pointed_at(borgo: Cast, valle: Cast) -> None:
    from django.db import Error, transaction

    insert = (
        "insert into people_child (municipality_id, given_name, family_name, tax_code, code, office_note)"
        " values (%s, 'a', 'b', '', 'zz', '')"
    )
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        _ask(insert, borgo.town.id)
    with pytest.raises(Error, match="foreign key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into people_formercode (municipality_id, child_id, code) values (%s, %s, 'old')",
            [valle.town.id, borgo.families["rossi"].children["Anna"].pk],
        )


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_walls(db: None, table: str) -> None:
    secured, forced = _ask("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", table)[0]
    assert secured
    assert forced
    policies = _ask("select qual, with_check from pg_policies where tablename = %s", table)
    assert all("app.town" in text for policy in policies for text in policy)
    assert len(policies) == 1
    keys = _ask("select conname, contype, pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass", table)
    for name, kind, definition in keys:
        if kind in ("p", "u"):
            assert "(municipality_id" in definition, name
        if kind == "f":
            assert "(municipality_id" in definition, name
        if kind == "x":
            assert "municipality_id WITH =" in definition, name
    columns = {row[0] for row in _ask("select column_name from information_schema.columns where table_name = %s", table)}
    referring = {c for c in columns if c.endswith("_id")} - {"municipality_id"} - PLAIN
    referred = {column for _, k, d in keys if k == "f" for column in d.split("(")[1].split(")")[0].split(", ")}
    assert referring <= referred, "a reference without a key"


@pytest.mark.parametrize("model", [model for model in guards.town_tables() if model.written_over])
def test_rows_written_over_leave_room_for_it(db: None, model: type[TownRow]) -> None:
    options = _ask("select reloptions from pg_class where oid = %s::regclass", model._meta.db_table)
    assert options == [(["fillfactor=50"],)]


@pytest.mark.parametrize("model", [model for model in guards.town_tables() if model.tells])
def test_a_table_that_tells_its_changes_does_so_however_they_are_written(db: None, model: type[TownRow]) -> None:
    stands = """select tgname, tgtype, pg_get_triggerdef(oid) from pg_trigger
                 where tgrelid = %s::regclass and tgname like 'tells%%' and tgenabled = 'O'"""
    found = _ask(stands, model._meta.db_table)
    events = sorted(definition.split("AFTER ")[1].split(" ")[0] for _, _, definition in found)
    assert events == ["DELETE", "INSERT", "UPDATE"]
    assert all("FOR EACH STATEMENT" in definition for _, _, definition in found)


def test_a_trigger_that_is_gone_or_says_something_else_is_put_up_again(db: None) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select proname from pg_proc where proname like 'tells_attendance_rollcall%%'")
        (name,) = cursor.fetchone()
        cursor.execute(f"drop trigger {name}_update on attendance_rollcall")
        assert any(name in line for lines in guards.missing() for line in lines)
        cursor.execute(f"drop function {name}() cascade")
        guards.put_up()
        assert guards.missing() == []


def test_a_presence_agrees_with_its_roll_call(valle: Cast) -> None:
    from django.db import Error, transaction

    anna, call = valle.child("Anna"), valle.roll_call()
    meal, bus = valle.services["mensa"].pk, valle.services["scuolabus"].pk
    insert = (
        "insert into attendance_presence (municipality_id, roll_call_id, child_id, service_id, day, is_present,"
        " is_due, marked_at) values (%s, %s, %s, %s, %s, true, true, '2026-10-14 09:00+02') returning 1"
    )
    refused = [(bus, TODAY), (meal, TODAY + timedelta(days=1))]
    for service_id, day in refused:
        with pytest.raises(Error, match="foreign key"), transaction.atomic():
            _ask(insert, valle.town.id, call.pk, anna.pk, service_id, day)
    assert _ask(insert, valle.town.id, call.pk, anna.pk, meal, TODAY) == [(1,)]


def test_a_position_is_of_the_child_of_its_wallet(valle: Cast) -> None:
    from django.db import Error, transaction

    insert = (
        "insert into payments_paymentrequest (municipality_id, wallet_id, child_id, notice_number, amount_cents,"
        " description, service_name, debtor_tax_code, debtor_name, iban, taxonomy, made_at, is_notice, order_key, due_on,"
        " state) values (%s, %s, %s, '301', 2000, '', '', '', '', '', '', '2026-10-14 09:00+02', true, '', '2026-10-31',"
        " 'open') returning 1"
    )
    anna, luca = valle.child("Anna").pk, valle.wallet("Luca").pk
    for wallet_id in (luca, 987654):
        with pytest.raises(Error, match="foreign key"), transaction.atomic():
            _ask(insert, valle.town.id, wallet_id, anna)
    assert _ask(insert, valle.town.id, valle.wallet("Anna").pk, anna) == [(1,)]


# Ids that are kept as they were, not followed: who acted, which bytes (checked by the auditor).
PLAIN = {
    "actor_id", "by_id", "user_id", "made_by_id", "marked_by_id", "confirmed_by_id", "message_id", "receipt_id",
    "author_id", "opened_by_id", "resolved_by_id", "read_by_id", "event_id", "device_id", "written_by_id", "decided_by_id",
    "prepared_by_id", "received_by_id", "end_to_end_id", "payment_id", "creditor_id", "former_creditor_id", "signed_by_id",
    "seen_by_id", "ended_by_id", "recall_asked_by_id", "recall_allowed_by_id",
}  # fmt: skip


def test_every_other_table_is_known(db: None) -> None:
    tables = {row[0] for row in _ask("select tablename from pg_tables where schemaname = 'public'")}
    others = {t for t in tables - set(TABLES) if not t.startswith("procrastinate")}
    assert others == {"django_migrations", "tenants_municipality", "payments_inboundmessage", "core_heartbeat"}


def test_the_application_cannot_see_through_the_walls(db: None) -> None:
    assert _ask("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user") == [
        ("campanella_app", False, False)
    ]


def test_a_pooled_connection_forgets_its_town(town: Cast) -> None:  # noqa: F811  # the fixture
    seen: list[str] = []

    def borrow(number: int) -> None:
        for _ in range(50):
            if number % 2:
                with scope(town.town.id):
                    assert Child.objects.count() == 3
            else:
                rows = _ask("select current_setting('app.town', true), (select count(*) from people_child)")
                seen.extend(f"{setting}:{count}" for setting, count in rows if setting or count)
        connections["default"].close()

    threads = [threading.Thread(target=borrow, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == []
