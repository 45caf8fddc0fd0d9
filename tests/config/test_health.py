"""What a monitor reads: alive, ready, counted."""

import threading
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from psycopg import errors

from campanella.config import health
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from tests.paying import prepare, receive, wish
from tests.towns import Cast, Family, as_owner, tell_again

HERE = Client(HTTP_HOST="localhost")
TOKEN = "un-segreto"


def counters() -> str:
    """Read the counters as a monitor does."""
    with override_settings(METRICS_TOKEN=TOKEN):
        return str(HERE.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode())


def worker_beat(ago: str) -> None:
    """Let a worker have beaten some time ago."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - %s::interval)", [ago])


def seen() -> list[str]:
    """Look with the test's own connection."""
    return health.problems_seen(connection.connection)


def test_ready_while_a_worker_beats(db: None) -> None:
    worker_beat("4 seconds")
    assert seen() == []


def test_a_silent_worker_is_not_ready(db: None) -> None:
    worker_beat("6 seconds")
    assert seen() == ["no worker is running"]


def test_waiting_migrations_are_not_ready(db: None) -> None:
    worker_beat("1 second")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'attendance'")
    (problem,) = seen()
    assert "migrations are waiting" in problem


def test_a_table_without_its_walls_is_not_ready(db: None) -> None:
    worker_beat("1 second")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("alter table ledger_wallet no force row level security")
        cursor.execute(f"revoke select on people_child from {settings.APPLICATION_ROLE}")
    assert seen() == ["the walls of 2 tables are missing"]


@pytest.mark.parametrize(
    "hole",
    [
        "alter policy town on ledger_wallet using (true)",
        "create policy hole on ledger_wallet using (true)",
        "drop policy town on ledger_wallet",
        "alter policy own_choices on tenants_municipality using (true)",
        "alter policy read_by_its_town on payments_inboundmessage using (true)",
    ],
)
def test_a_wall_with_a_hole_is_not_ready(db: None, hole: str) -> None:
    worker_beat("1 second")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(hole)
    assert seen() == ["the walls of 1 tables are missing"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (psycopg.OperationalError("password=secret"), "the database does not answer"),
        (errors.ReadOnlySqlTransaction(), "the database takes no writing"),
        (errors.DiskFull(), "the disk of the database is full"),
        (errors.QueryCanceled(), "the database says no: QueryCanceled"),
    ],
)
def test_what_is_wrong_is_named_without_secrets(monkeypatch: pytest.MonkeyPatch, failure: Exception, words: str) -> None:
    def away(**_: Any) -> None:
        raise failure

    monkeypatch.setattr(psycopg, "connect", away)
    answer = HERE.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "problems": [words]})
    assert HERE.get("/health/live").status_code == 200


def test_a_look_that_never_ends_is_told_in_time_and_not_begun_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ends = [], threading.Event()

    def silent(**_: Any) -> None:
        begun.append(1)
        ends.wait(60)
        raise psycopg.OperationalError("at last")

    monkeypatch.setattr(psycopg, "connect", silent)
    monkeypatch.setattr(health, "LOOK_SECONDS", 0.2)
    look = health.Look()
    assert [look.problems() for _ in range(3)] == [["the database does not answer"]] * 3
    assert begun == [1]
    ends.set()


def test_the_counters_of_money_and_work(valle: Cast, ready: Family) -> None:
    first, second = prepare(valle, ready, wish(valle), wish(valle, "Luca"))
    receive(first, iur="right")
    receive(second, iur="wrong amount", cents=1)
    Receipt.objects.create(
        receipt_id="new", message_id=1, notice_number="301000000000000000", amount_cents=1, kept_at=clock.now()
    )
    text = counters()
    tell_again()
    assert 'campanella_receipts_kept{town="valle"} 3.0' in text
    assert 'campanella_receipts_booked{town="valle"} 1.0' in text
    assert 'campanella_receipts_parked{town="valle"} 1.0' in text
    assert 'campanella_receipts_waiting{town="valle"} 1.0' in text
    assert 'campanella_messages_failed{town="valle"} 0.0' in text
    assert 'campanella_jobs{state="todo"}' in text


def test_the_counters_name_nobody(valle: Cast, ready: Family) -> None:
    text = counters().lower()
    assert not [word for word in ("rossi", "anna", "rss", "@", "maria") if word in text]


def test_the_counters_are_for_whoever_has_the_token(valle: Cast, settings: Any) -> None:
    """A name is no key: whoever asks writes the Host header himself."""
    towns = Client(HTTP_HOST=valle.town.host)
    assert [here.get("/metrics").status_code for here in (HERE, towns)] == [404, 404]
    settings.METRICS_TOKEN = TOKEN
    for said in (None, "Bearer wrong", f"bearer{TOKEN}", f"Basic {TOKEN}"):
        assert HERE.get("/metrics", headers={"Authorization": said} if said else {}).status_code == 404
    assert towns.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    settings.METRICS_TOKEN, settings.DEMO = "", True
    assert [here.get("/metrics").status_code for here in (HERE, towns)] == [200, 404]
