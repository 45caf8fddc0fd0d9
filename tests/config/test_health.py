"""What a monitor reads: alive, ready, counted."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from tests.paying import prepare, receive, wish
from tests.towns import Cast, Family, as_owner, tell_again

HERE = Client(HTTP_HOST="localhost")


def worker_beat(ago: str) -> None:
    """Let a worker have beaten some time ago."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - %s::interval)", [ago])


def test_ready_while_a_worker_beats(db: None) -> None:
    worker_beat("5 seconds")
    answer = HERE.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "problems": []})


def test_a_silent_worker_is_not_ready(db: None) -> None:
    worker_beat("31 seconds")
    answer = HERE.get("/health/ready")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["no worker is running"])


def test_waiting_migrations_are_not_ready(db: None) -> None:
    worker_beat("1 second")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'attendance'")
    answer = HERE.get("/health/ready")
    assert answer.status_code == 503
    assert "migrations are waiting" in answer.json()["problems"][0]


def test_a_database_that_is_away_is_not_ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("password=secret")

    monkeypatch.setattr(MigrationExecutor, "__init__", away)
    answer = HERE.get("/health/ready")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database: OperationalError"])
    assert HERE.get("/health/live").status_code == 200


def test_the_counters_of_money_and_work(valle: Cast, ready: Family) -> None:
    first, second = prepare(valle, ready, wish(valle), wish(valle, "Luca"))
    receive(first, iur="right")
    receive(second, iur="wrong amount", cents=1)
    Receipt.objects.create(
        receipt_id="new", message_id=1, notice_number="301000000000000000", amount_cents=1, kept_at=clock.now()
    )
    text = HERE.get("/metrics").content.decode()
    tell_again()
    assert 'campanella_receipts_kept{town="valle"} 3.0' in text
    assert 'campanella_receipts_booked{town="valle"} 1.0' in text
    assert 'campanella_receipts_parked{town="valle"} 1.0' in text
    assert 'campanella_receipts_waiting{town="valle"} 1.0' in text
    assert 'campanella_messages_failed{town="valle"} 0.0' in text
    assert 'campanella_jobs{state="todo"}' in text


def test_the_counters_name_nobody_and_are_not_at_a_towns_address(valle: Cast, ready: Family) -> None:
    text = HERE.get("/metrics").content.decode().lower()
    assert not [word for word in ("rossi", "anna", "rss", "@", "maria") if word in text]
    assert Client(HTTP_HOST=valle.town.host).get("/metrics").status_code == 404
