"""A job belongs to its fact in the worker too: rolled back, held open and killed with -9, tried in the real process."""

import os
import random

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.payments.events import ReceiptKept
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.usecases import top_up
from tests.towns import OFFICE, Cast
from tests.worker.conftest import Workers

pytestmark = [pytest.mark.slow, pytest.mark.process]

KILLS = int(os.environ.get("CAMPANELLA_KILLS") or 6)
SEED = int(os.environ.get("CAMPANELLA_SEED") or 7)
# A booking, its thanks, the look at the credit and the delivery together send about so many statements.
STEPS = 60
CENTS = 5000
BOOK, THANK, LOOK, SETTLE = "top_up.book", "thanks.thank", "low_credit.look", "arrears.settled.after_payment"


def keep_receipts(town: Cast, count: int) -> None:
    """Keep receipts of fifty euro each for Anna's meals, as the web does; a worker shall book them."""
    with scope(town.town.id):
        wallet = town.wallet("Anna").pk
        made = top_up.prepare_at_desk(by=OFFICE, wallet_id=wallet, amount=Euro(CENTS), count=count, now=clock.now())
        jobs.take_waiting(town=town.town.id)  # the letter about these notices is another story
        for request in made:
            receipt = Receipt.objects.create(
                receipt_id=f"iur-{request.pk}", message_id=1, notice_number=request.notice_number, amount_cents=CENTS,
                paid_at=clock.now(), kept_at=clock.now(), psp_name="Banca",
            )  # fmt: skip
            publish(ReceiptKept(receipt_pk=receipt.pk))


def test_a_reaction_rolled_back_leaves_no_job(town: Cast, workers: Workers) -> None:
    keep_receipts(town, 1)

    worker = workers.start("refused")
    assert worker.stdout
    assert worker.stdout.readline() == "refused\n"
    workers.wait_for(lambda: workers.count("attempts > 0 and args ? 'town'"))

    assert [what for what, _ in workers.jobs()] == [BOOK], "the booking waits for its next attempt, nothing follows from it"
    with scope(town.town.id):
        assert town.balance("Anna") == 0


def test_a_reaction_held_open_starts_nothing(town: Cast, workers: Workers) -> None:
    keep_receipts(town, 1)

    worker = workers.start("held")
    assert worker.stdin
    assert worker.stdout
    assert worker.stdout.readline() == "held\n"
    assert workers.jobs() == [(BOOK, "doing")], "all its statements are done, and nobody sees a job of it"

    worker.stdin.write("\n")
    worker.stdin.flush()
    workers.wait_for(lambda: len(workers.jobs("deliver")) == 1)
    assert [what for what, _ in workers.jobs()] == [BOOK, LOOK, THANK, SETTLE, "deliver"]
    with scope(town.town.id):
        assert f"Con questa ricarica il credito è {Euro(CENTS)}." in Message.objects.get().text


def test_a_worker_killed_between_any_two_statements_leaves_each_follow_up_once(town: Cast, workers: Workers) -> None:
    keep_receipts(town, KILLS)
    dice = random.Random(SEED)
    steps = [str(dice.randint(1, STEPS)) for _ in range(KILLS)]

    dead = workers.start("dying", *steps)
    assert dead.stdout
    assert dead.stdout.read().split() == [word for step in steps for word in ("died", step)]
    workers.start()
    done = [(BOOK, "succeeded")] * KILLS
    workers.wait_for(
        lambda: workers.jobs(BOOK) == done and {s for _, s in workers.jobs(THANK, LOOK, SETTLE)} == {"succeeded"}
    )

    found = [what for what, _ in workers.jobs()]
    assert {what: found.count(what) for what in found} == dict.fromkeys((BOOK, THANK, LOOK, SETTLE, "deliver"), KILLS)
    with scope(town.town.id):
        assert town.balance("Anna") == CENTS * KILLS
        told = sorted(Message.objects.values_list("text", flat=True))
        assert len(told) == KILLS
        for number in range(1, KILLS + 1):
            assert sum(f"il credito è {Euro(CENTS * number)}." in text for text in told) == 1
