"""A mail server that takes calls and never answers holds up mail, and nobody else; what kills workers ends some day."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import scope
from campanella.usecases import bulk
from tests.domains.messaging.test_line import Counting
from tests.domains.messaging.test_mail import free_port
from tests.towns import Cast
from tests.worker.conftest import Workers
from tests.worker.test_reactions import BOOK, LOOK, SETTLE, THANK, keep_receipts

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture
def silent_mail_server() -> Iterator[socket.socket]:
    """A mail server that takes calls and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(180)
        yield server


def write_letters(town: Cast, count: int) -> None:
    """Queue letters that have nothing to do with money."""
    with scope(town.town.id):
        for number in range(count):
            messaging.queue(
                key=f"test:{number}", guardian=None, address="rossi@posta.example", template="news_published",
                subject="Prova", text="Prova", now=clock.now(), urgency=number - count,
            )  # fmt: skip


def test_a_receipt_waits_behind_no_mail_however_silent_the_mail_server(
    town: Cast, workers: Workers, silent_mail_server: socket.socket
) -> None:
    write_letters(town, 30)
    workers.start(CAMPANELLA_SMTP_PORT=str(silent_mail_server.getsockname()[1]))
    call, _ = silent_mail_server.accept()
    with call:
        keep_receipts(town, 2)
        workers.wait_for(lambda: [status for _, status in workers.jobs(BOOK, THANK, LOOK, SETTLE)] == ["succeeded"] * 8)

        done = {(what, status) for what, status in workers.jobs() if status != "todo"}
        assert done == {*((what, "succeeded") for what in (BOOK, THANK, LOOK, SETTLE)), ("deliver", "doing")}
        assert [status for _, status in workers.jobs("deliver")].count("doing") == 1, "one hand waits, no second one"
        held = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'"
        assert workers.looking.execute(held).fetchone() == (0,), "no transaction is held meanwhile"
    with scope(town.town.id):
        assert town.balance("Anna") == 10000


def test_a_job_that_kills_its_workers_ends_and_housekeeping_of_the_dead_does_not_stay(
    town: Cast, workers: Workers, silent_mail_server: socket.socket
) -> None:
    write_letters(town, 1)
    last = jobs.ATTEMPTS - 1
    workers.looking.execute("update procrastinate_jobs set attempts = %s", [last])
    first = workers.start(CAMPANELLA_SMTP_PORT=str(silent_mail_server.getsockname()[1]))
    call, _ = silent_mail_server.accept()
    with call:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    # Whatever housekeeping was going on died too: several at once, as after a crash of everything.
    workers.looking.execute("delete from procrastinate_jobs where not args ? 'town'")
    workers.looking.execute(
        "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args, status, worker_id)"
        " select 'default', name, name, '{\"timestamp\": 1}', 'doing', worker_id"
        "   from unnest(array['reap', 'reap', 'sweep']) as name, procrastinate_jobs where args ? 'town'"
    )

    workers.start(CAMPANELLA_SMTP_PORT="9")
    workers.wait_for(lambda: workers.jobs() == [("deliver", "failed")] and not workers.count("args->>'timestamp' = '1'"))

    failed = workers.count("status = 'failed' and not args ? 'town'")
    assert failed == 0, "housekeeping comes again by itself, and leaves nothing failed behind"
    with scope(town.town.id):
        messaging.give_up(now=clock.now())
        assert Message.objects.exclude(failed_at=None).count() == 1


def test_a_batch_of_letters_is_one_call_to_the_mail_server(town: Cast, workers: Workers) -> None:
    inbox = Counting()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    try:
        write_letters(town, 12)
        workers.start(CAMPANELLA_SMTP_PORT=str(server.port))
        workers.wait_for(lambda: [status for _, status in workers.jobs("deliver")] == ["succeeded"] * 12)
        assert (len(inbox.held), inbox.calls) == (12, 1)
        assert inbox.goodbyes.wait(60), "the worker keeps no line that it does not use"
    finally:
        server.stop()
    with scope(town.town.id):
        assert Message.objects.exclude(sent_at=None).count() == 12


def test_what_the_office_writes_to_many_waits_and_leaves_unless_it_is_taken_back(town: Cast, workers: Workers) -> None:
    inbox = Counting()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    about = {"by": town.staff["office"], "child_ids": [town.child("Anna").pk], "batch": "b", "now": clock.now()}
    try:
        with scope(town.town.id):
            acts = [bulk.write(subject=words, text=words, **about) for words in ("sbagliata", "giusta")]
        write_letters(town, 1)
        workers.start(CAMPANELLA_SMTP_PORT=str(server.port))
        workers.wait_for(lambda: ("deliver", "succeeded") in workers.jobs("deliver"))
        assert sorted(status for _, status in workers.jobs("deliver")) == ["succeeded", "todo", "todo"]
        with scope(town.town.id):
            assert bulk.stop_writing(by=town.staff["office"], act=acts[0], now=clock.now()) == 1
        workers.looking.execute("update procrastinate_jobs set scheduled_at = now() where scheduled_at > now()")
        workers.wait_for(lambda: [status for _, status in workers.jobs("deliver")] == ["succeeded"] * 3)
        assert len(inbox.held) == 2
    finally:
        server.stop()
    with scope(town.town.id):
        sent = Message.objects.filter(template="from_office").exclude(sent_at=None)
        assert [message.key.split(":")[1] for message in sent] == [acts[1]]
