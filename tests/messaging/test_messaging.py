"""Messages are queued once for each fact, and what became of them is known."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.messaging import operations, queries
from campanella.domains.messaging.channels import mail
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock, jobs
from tests.towns import Cast, Family, run_jobs, tell_again


def queue(family: Family, key: str = "low_credit:1") -> Message | None:
    """Queue a message to the family."""
    return operations.queue(
        key=key, guardian=family.guardian, address=family.guardian.email, template="low_credit", subject="Il credito",
        text="Ciao", now=clock.now(),
    )  # fmt: skip


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
def test_a_server_that_is_silent_is_tried_again_until_we_give_up(valle: Cast, rossi: Family) -> None:
    message = queue(rossi)
    assert message is not None

    for attempt in range(1, operations.GIVE_UP_AFTER + 1):
        with pytest.raises(mail.MailUnavailable):
            deliver(valle.town.id, message.pk)
        message.refresh_from_db()
        assert message.attempts == attempt
        assert message.failure == "ConnectionRefusedError"
        assert queries.failed() == ([] if attempt < operations.GIVE_UP_AFTER else [message])


def test_what_the_office_sends_again_leaves_the_list_when_it_arrives(
    valle: Cast, rossi: Family, mailoutbox: list[Any]
) -> None:
    message = queue(rossi)
    assert message is not None
    operations.note_failure(message_id=message.pk, failure="SMTP 550", now=clock.now(), is_final=True)
    assert queries.failed() == [message]
    run_jobs()
    assert queries.failed() == [], "a delivery that succeeds clears the failure"

    operations.send_again(message_id=message.pk)

    assert run_jobs() == [], "what was sent is not queued again"
    assert len(mailoutbox) == 1


def test_a_family_reads_its_own_messages_newest_first(valle: Cast, rossi: Family) -> None:
    first = queue(rossi)
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        second = queue(rossi, "low_credit:2")
    assert first is not None
    haddad = valle.families["haddad"].guardian.pk

    assert queries.messages_to(guardian_id=rossi.guardian.pk) == [second, first]
    assert queries.messages_to(guardian_id=haddad) == []
    assert queries.message_to(guardian_id=haddad, message_id=first.pk) is None
