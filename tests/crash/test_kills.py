"""
Kill -9 of every part in the middle of its work: nothing lost, nothing double, the book clean.

A few kills by default; ``CAMPANELLA_KILLS=300`` makes each test that long, ``CAMPANELLA_SEED`` another sequence of moments.
"""

import os
import random
import shutil
import tempfile
import time as real
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import date, time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import top_up
from tests.crash.installation import Installation, close_connections, installed
from tests.crash.warm import Warm
from tests.domains.payments.gateways import node
from tests.towns import Cast, make_cast

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
RECEIPTS = 2 * KILLS
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
FIRST_DAY = date(2026, 10, 15)


@pytest.fixture
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation in a folder of its own that every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="campanella-crash-"))
    folder.chmod(0o755)
    with django_db_blocker.unblock(), installed(folder) as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cast(installation: Installation) -> Cast:
    """Valle, committed."""
    return make_cast(slug="valle", tax_code="00142920439")


def test_killed_while_charging(installation: Installation, cast: Cast) -> None:
    dice = random.Random(SEED)
    day, acknowledged = FIRST_DAY, []
    with Warm("tests.crash.charging", installation.environment) as begun:
        for kill in range(KILLS):
            charging = begun.start(str(day))
            assert charging.stdout
            acknowledged.append(charging.stdout.readline().strip())
            real.sleep(dice.uniform(0, 0.3))
            if kill % 2:
                charging.kill()
            else:
                installation.kill_postgres()
            acknowledged += charging.communicate()[0].split()
            if not kill % 2:
                installation.server.start()
                close_connections()
            day = date.fromisoformat(acknowledged[-1])

    with scope(cast.town.id):
        charged = set(Entry.objects.filter(kind="charge").values_list("day", flat=True))
        assert {date.fromisoformat(said) for said in acknowledged} <= charged
        days = len(charged)
        assert cast.balance("Anna") == -460 * days
        assert cast.balance("Luca") == -310 * days
        with clock.standing_at(clock.rome(max(charged), time(20))):
            assert verify.violations() + proofs.violations() == []
    installation.verify_book(days_on=(max(charged) - FIRST_DAY).days + 1)
    print(f"charging: {KILLS} kills, {len(acknowledged)} days acknowledged, {days} charged, none lost, none double")


def test_killed_while_receipts_arrive(installation: Installation, cast: Cast) -> None:
    with scope(cast.town.id):
        positions = top_up.prepare_at_desk(
            by=cast.staff["office"], wallet_id=cast.wallet("Anna").pk, amount=Euro(1000), count=RECEIPTS, now=clock.now()
        )
    installation.start("serve", "worker")
    installation.wait_for(installation.answers)
    dice, victims = random.Random(SEED), ["serve", "worker", "postgres"]
    unheard = 0
    for number, position in enumerate(positions):
        body = _receipt(cast.town.tax_code, position.notice_number, f"r{number}")
        with ThreadPoolExecutor(1) as pagopa:
            delivery = pagopa.submit(installation.post, "/pagopa/paForNode", body)
            if number % 2 == 0:
                real.sleep(dice.uniform(0, 0.1))
                _kill(installation, victims[(number // 2) % 3])
        answers = [delivery.result()]
        unheard += not _is_taken(answers[0])
        for _ in range(2):  # pagoPA repeats until it hears yes or duplicate
            installation.wait_for(
                lambda body=body, answers=answers: (
                    answers.append(installation.post("/pagopa/paForNode", body)) or _is_taken(answers[-1])
                )
            )
        assert sum(_is_new(answer) for answer in answers) <= 1, "what was acknowledged is still there after the kill"
    close_connections()

    def booked() -> bool:
        installation.start("serve", "worker")  # a worker that lost its database ends, and its supervisor starts it again
        close_connections()
        with scope(cast.town.id):
            return cast.balance("Anna") == 1000 * RECEIPTS

    installation.wait_for(booked)
    with scope(cast.town.id):
        assert Entry.objects.filter(kind="top_up").count() == RECEIPTS
        assert verify.violations() + proofs.violations() == []
    installation.verify_book()
    print(f"receipts: {KILLS} kills, {RECEIPTS} receipts, {unheard} first deliveries unheard, none lost, none double")


def test_a_killed_server_starts_again_while_its_children_are_still_at_work(installation: Installation) -> None:
    """A backend that counts does not look up: it outlives its server for as long as its question takes."""
    busy = psycopg.connect(installation.server.url(), autocommit=True)
    with closing(busy), ThreadPoolExecutor(1) as other:
        question = other.submit(busy.execute, "select count(*) from generate_series(1, 10000000) n, generate_series(1, 3)")
        real.sleep(0.3)
        installation.kill_postgres()
        installation.server.start()
        wait([question])
    with psycopg.connect(installation.server.url()) as asked:
        assert asked.execute("select 1").fetchone() == (1,)


def _kill(installation: Installation, victim: str) -> None:
    """Kill -9 a part and start everything again."""
    if victim == "postgres":
        installation.kill_postgres()
        installation.server.start()
    else:
        installation.kill(victim)
    installation.start("serve", "worker")
    installation.wait_for(installation.answers)


def _receipt(tax_code: str, notice: str, receipt_id: str) -> bytes:
    """Give the Node's message for a payment of ten euro made on the day of the cast."""
    changes = {
        node.ADDRESS: f"<idPA>{tax_code}</idPA><idBrokerPA>99999000013</idBrokerPA><idStation>99999000013_01</idStation>",
        node.TOWN: tax_code,
        node.NOTICE[1:]: notice[1:],
        "46.50": "10.00",
        "2026-11-04T10:15:30": "2026-10-14T10:15:30",
        "c110729d258c4ab1b765fe902aae41d6": receipt_id,
    }
    body = node.request("paSendRTV2Request").decode()
    for old, new in changes.items():
        body = body.replace(old, new)
    return body.encode()


def _is_taken(answer: Any) -> bool:
    return (
        answer is not None
        and answer.status_code == 200
        and (b"<outcome>OK" in answer.content or b"DUPLICATA" in answer.content)
    )


def _is_new(answer: Any) -> bool:
    return _is_taken(answer) and b"<outcome>OK" in answer.content
