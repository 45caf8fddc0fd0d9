"""Messages are queued once for each fact, and what became of them is known."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from campanella.domains.messaging import operations, queries
from campanella.domains.messaging.channels import mail
from campanella.domains.messaging.models import Message
from campanella.foundation.core import audit, clock, jobs
from tests.towns import OFFICE, Cast, Family, run_jobs, tell_again


def queue(family: Family, key: str = "low_credit:1") -> Message | None:
    """Queue a message to the family."""
    return operations.queue(
        key=key,
        guardian=family.guardian,
        address=family.guardian.email,
        template="low_credit",
        subject="Il credito",
        text="Ciao",
        now=clock.now(),
    )


def deliver(town_id: int, message_id: int) -> None:
    """Run the delivery as the worker does."""
    try:
        jobs.run_now("deliver", town=town_id, message_id=message_id)
    finally:
        tell_again()


def test_a_fact_told_twice_is_one_message(rossi: Family) -> None:
    first, again, other = queue(rossi), queue(rossi), queue(rossi, "low_credit:2")

    assert first is not None
    assert again is None
    assert other is not None
    assert run_jobs() == ["deliver", "deliver"]


def test_each_town_has_its_own_keys(borgo: Cast, valle: Cast, rossi: Family) -> None:
    from campanella.foundation.core.scope import naming

    assert queue(rossi)
    with naming(borgo.town.id):
        assert queue(borgo.families["rossi"])


def test_a_message_that_was_sent_is_not_sent_again(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    message = queue(rossi)
    assert message is not None

    for _ in range(2):
        deliver(valle.town.id, message.pk)

    assert len(mailoutbox) == 1
    assert mailoutbox[0].to == ["rossi@posta.example"]
    message.refresh_from_db()
    assert message.sent_at == clock.now()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server does not answer."""

    def send(**_: Any) -> None:
        raise mail.MailUnavailable("ConnectionRefusedError")

    monkeypatch.setattr(mail, "send", send)


@pytest.mark.usefixtures("silent")
def test_a_message_is_given_up_when_no_job_tries_it_any_more(valle: Cast, rossi: Family) -> None:
    message = queue(rossi)
    assert message is not None
    for attempt in (1, 2):
        with pytest.raises(mail.MailUnavailable):
            deliver(valle.town.id, message.pk)
        message.refresh_from_db()
        assert (message.attempts, message.failure, message.failed_at) == (attempt, "ConnectionRefusedError", None)
    assert operations.give_up(now=clock.now()) == 0, "its job still waits"
    assert queries.failed() == []

    _end_jobs("failed")

    assert operations.give_up(now=clock.now()) == 1
    assert queries.failed() == [message]
    assert operations.give_up(now=clock.now()) == 0


def test_a_job_that_ended_without_a_word_loses_no_message_either(valle: Cast, rossi: Family) -> None:
    message = queue(rossi)
    assert message is not None
    _end_jobs("aborted")

    operations.give_up(now=clock.now())

    assert queries.failed() == [message]
    assert not queries.waiting_since(before=clock.now() + timedelta(hours=1))


def test_nothing_leaves_that_was_given_up_put_aside_or_called_off(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    failed, aside, ended = queue(rossi, "a:1"), queue(rossi, "b:1"), queue(rossi, "c:1")
    assert failed
    assert aside
    assert ended
    for message in (failed, aside):
        operations.note_failure(message_id=message.pk, failure="SMTP 550", now=clock.now(), is_final=True)
    operations.set_aside(by=OFFICE, message_id=aside.pk, now=clock.now())
    operations.call_off(keys=["c:"], now=clock.now())

    assert run_jobs() == ["deliver", "deliver", "deliver"]

    assert mailoutbox == []
    assert queries.failed() == [failed]
    assert set(queries.messages_to(guardian_id=rossi.guardian.pk)) == {failed, aside}, "nobody reads what was called off"


def test_what_was_called_off_may_be_said_again(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    queue(rossi, "news:1:7")
    operations.call_off(keys=["news:1:"], now=clock.now())

    assert queue(rossi, "news:1:7") is not None
    assert run_jobs() == ["deliver", "deliver"]

    assert len(mailoutbox) == 1
    assert operations.call_off(keys=["news:1:"], now=clock.now()) == 0, "what has left is not taken back"
    assert queue(rossi, "news:1:7") is None


def _end_jobs(status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where status = 'todo'")
        cursor.execute("update procrastinate_jobs set status = %s where status = 'doing'", [status])


def test_what_the_office_sends_again_leaves_the_list_when_it_arrives(
    valle: Cast, rossi: Family, mailoutbox: list[Any]
) -> None:
    message = queue(rossi)
    assert message is not None
    operations.note_failure(message_id=message.pk, failure="SMTP 550", now=clock.now(), is_final=True)
    assert queries.failed() == [message]

    assert operations.send_again(by=OFFICE, message_id=message.pk, now=clock.now()) == "rossi@posta.example"
    run_jobs()

    assert queries.failed() == [], "a delivery that succeeds clears the failure"
    assert operations.send_again(by=OFFICE, message_id=message.pk, now=clock.now()) == ""
    assert run_jobs() == [], "what was sent is not queued again"
    assert len(mailoutbox) == 1


def test_sending_again_is_an_act_of_the_office(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    message = queue(rossi)
    assert message is not None
    run_jobs()
    Message.objects.filter(pk=message.pk).update(sent_at=None, failed_at=clock.now())

    assert operations.send_again(by=OFFICE, message_id=message.pk, now=clock.now()) == "rossi@posta.example"
    assert operations.send_again(by=OFFICE, message_id=message.pk, now=clock.now()) == "", "two presses send one"

    assert run_jobs() == ["deliver"]
    (act,) = audit.acts_on(subjects=[f"message:{message.pk}"])
    assert (act.who, act.sentence) == ("l’ufficio", "ha fatto partire di nuovo l’e-mail «Il credito»")


def test_a_family_reads_its_own_messages_newest_first(valle: Cast, rossi: Family) -> None:
    first = queue(rossi)
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        second = queue(rossi, "low_credit:2")
    assert first is not None
    haddad = valle.families["haddad"].guardian.pk

    assert queries.messages_to(guardian_id=rossi.guardian.pk) == [second, first]
    assert queries.messages_to(guardian_id=haddad) == []
    assert queries.message_to(guardian_id=haddad, message_id=first.pk) is None
