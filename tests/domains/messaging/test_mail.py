"""The mail channel against a real SMTP server."""

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campanella.domains.messaging import operations, queries
from campanella.domains.messaging.channels import mail
from campanella.foundation.core import clock, jobs
from tests.towns import Cast, Family, tell_again

LETTER = {"subject": "Ricarica ricevuta", "text": "È arrivata.", "sender_name": "Ufficio Scuola, Comune di Valle"}


class Inbox:
    """Takes what it is told to take; ``answers`` are given to the next messages, then everything is accepted."""

    def __init__(self) -> None:
        self.held: list[Message] = []
        self.answers: list[str] = []
        self.recipient_answer = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Refuse a recipient, or note it."""
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Refuse a message, or keep it."""
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.held.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    """A mail server on a free port."""
    handler = Inbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield handler
    server.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def send(**changes: str) -> None:
    """Send one letter."""
    given = {
        "address": "rossi@posta.example",
        "reply_to": "scuola@valle.example",
        "message_id": "valle.7",
        **LETTER,
        **changes,
    }
    mail.send(**given)


def test_a_letter_arrives_as_it_was_written(inbox: Inbox) -> None:
    send()

    (letter,) = inbox.held
    assert letter["Subject"] == "Ricarica ricevuta"
    assert letter["To"] == "rossi@posta.example"
    assert letter["Reply-To"] == "scuola@valle.example"
    assert str(letter["From"]).startswith('"Ufficio Scuola, Comune di Valle" <')
    assert letter["Message-ID"] == "<valle.7@campanella>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "È arrivata." in letter.get_content()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("answer", "failure"), [("451 later", mail.MailUnavailable), ("550 never", mail.MailRefused)])
def test_the_servers_answer_says_whether_to_try_again(inbox: Inbox, answer: str, failure: type[Exception]) -> None:
    inbox.answers = [answer]
    with pytest.raises(failure, match=answer[:3]):
        send()
    inbox.recipient_answer = answer
    with pytest.raises(failure, match=answer[:3]):
        send()
    inbox.recipient_answer = ""

    send()

    assert len(inbox.held) == 1


def test_no_server_is_a_passing_trouble(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    with pytest.raises(mail.MailUnavailable, match="ConnectionRefusedError"):
        send()


def test_a_connection_cut_in_the_middle_is_a_passing_trouble(monkeypatch: pytest.MonkeyPatch, inbox: Inbox) -> None:
    def cut(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "sendmail", cut)

    with pytest.raises(mail.MailUnavailable, match="SMTPServerDisconnected"):
        send()


@pytest.mark.parametrize("name", ['Ufficio "Scuola"', "Ufficio, scuola", "Città di Forlì"])
def test_a_name_with_signs_stays_a_name(inbox: Inbox, name: str) -> None:
    send(sender_name=name)

    assert inbox.held[0]["From"].addresses[0].display_name == name  # type: ignore[attr-defined]


@pytest.mark.parametrize("sign", ["a", "è", "a è ", "parola ", "·"])
def test_a_subject_of_any_length_is_read_as_it_was_written(sign: str) -> None:
    """A long one with an accent began with a blank: it was folded before its first word."""
    for length in range(1, 151):
        subject = (sign * 150)[:length].strip() or "x"
        letter = mail.Letter(subject=subject, body="x", from_email="a@posta.example", to=["b@posta.example"])
        sent = letter.message().as_bytes()
        assert message_from_bytes(sent, policy=default)["Subject"] == subject
        assert b"Subject: \n" not in sent
        assert max(len(line) for line in sent.splitlines()) <= 78


@pytest.mark.parametrize("field", ["subject", "sender_name"])
def test_line_ends_write_no_headers(inbox: Inbox, field: str) -> None:
    send(**{field: "Ciao\r\nBcc: tutti@posta.example"})

    (letter,) = inbox.held
    assert letter["Bcc"] is None


def test_a_second_try_is_the_same_letter(valle: Cast, rossi: Family, inbox: Inbox) -> None:
    message = operations.queue(
        key="k", guardian=rossi.guardian, address=rossi.guardian.email, template="t", subject="S", text="T", now=clock.now()
    )
    assert message is not None
    inbox.answers = ["421 busy"]

    with pytest.raises(mail.MailUnavailable):
        jobs.run_now("deliver", town=valle.town.id, message_id=message.pk)
    for _ in range(2):
        jobs.run_now("deliver", town=valle.town.id, message_id=message.pk)
    tell_again()

    assert [letter["Message-ID"] for letter in inbox.held] == [f"<valle.{message.pk}@campanella>"]
    message.refresh_from_db()
    assert message.attempts == 1
    assert message.sent_at is not None


def test_an_address_that_does_not_exist_is_not_tried_again(valle: Cast, rossi: Family, inbox: Inbox) -> None:
    message = operations.queue(
        key="k", guardian=rossi.guardian, address=rossi.guardian.email, template="t", subject="S", text="T", now=clock.now()
    )
    assert message is not None
    inbox.recipient_answer = "550 no such user"

    jobs.run_now("deliver", town=valle.town.id, message_id=message.pk)
    tell_again()

    assert inbox.held == []
    assert [(m.pk, m.failure) for m in queries.failed()] == [(message.pk, "SMTP 550")]
