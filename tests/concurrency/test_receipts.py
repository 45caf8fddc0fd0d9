"""pagoPA delivers one receipt fifty times at once: one receipt, one credit."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import InboundMessage, PaymentRequest, Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import top_up
from tests.concurrency.conftest import all_at_once
from tests.domains.payments.gateways import node
from tests.stories.test_hostile_soap import ADDRESS, RECEIPT, good
from tests.towns import Cast, as_owner, run_jobs

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
DELIVERIES = 50


@pytest.fixture
def position(town: Cast) -> PaymentRequest:
    """A notice of ten euro, committed."""
    with scope(town.town.id):
        (made,) = top_up.prepare_at_desk(
            by=town.staff["office"], wallet_id=town.wallet("Anna").pk, amount=Euro(1000), count=1, now=clock.now()
        )
    return made


def deliver_at_once(town: Cast, position: PaymentRequest, count: int) -> list[Any]:
    """Deliver one receipt many times at the same moment; return what pagoPA was answered each time."""
    body = good(RECEIPT, town, position)

    def deliver(_: int) -> str:
        answer = Client(HTTP_HOST="localhost").post(ADDRESS, body, content_type="text/xml")
        assert answer.status_code == 200
        return node.fault_of(answer.content)

    return all_at_once(deliver, count)


def test_fifty_deliveries_of_one_receipt_are_one_credit(town: Cast, position: PaymentRequest) -> None:
    answers = deliver_at_once(town, position, DELIVERIES)

    assert sorted(set(answers)) == ["OK", "PAA_RECEIPT_DUPLICATA"]
    assert answers.count("OK") == 1
    assert run_jobs().count("top_up.book") == 1
    with scope(town.town.id):
        assert (InboundMessage.objects.count(), Receipt.objects.count()) == (1, 1)
        assert town.balance("Anna") == 1000
        assert Entry.objects.filter(kind="top_up").count() == 1
        assert verify.violations() + proofs.violations() == []


def test_without_the_key_they_are_many_receipts(town: Cast, position: PaymentRequest) -> None:
    """The control: the same deliveries with the unique key away, and a moment between looking and writing."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop index one_receipt_per_id")
        cursor.execute(A_MOMENT)

    answers = deliver_at_once(town, position, 8)

    assert answers.count("OK") > 1
    with scope(town.town.id):
        assert Receipt.objects.count() == answers.count("OK")


A_MOMENT = """
create function a_moment() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return new; end $$;
create trigger a_moment before insert on payments_receipt for each row execute function a_moment();
"""
