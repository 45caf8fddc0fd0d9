"""Several letters are one call to the mail server, each with its own answer, however the server behaves in between."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campanella.domains.messaging.channels import line, mail
from tests.domains.messaging.test_mail import Inbox, free_port, send


class Counting(Inbox):
    """Counts who calls and who says good-bye."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.goodbyes = threading.Event()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Note a call."""
        self.calls += 1
        session.host_name = hostname
        return responses

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Note a good-bye."""
        self.goodbyes.set()
        return "221 Bye"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Counting]:
    handler = Counting()
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    line.LINE.hang_up()
    yield handler
    line.LINE.hang_up()
    server.stop()


def numbers(inbox: Inbox) -> list[str]:
    return [str(letter["Message-ID"]).strip("<>").removesuffix("@campanella") for letter in inbox.held]


def test_letters_that_follow_one_another_are_one_call(inbox: Counting) -> None:
    for number in range(5):
        send(message_id=f"valle.{number}")
    assert inbox.calls == 1
    assert numbers(inbox) == [f"valle.{number}" for number in range(5)]


def test_a_refusal_is_one_letters_own(inbox: Counting) -> None:
    send(message_id="valle.1")
    inbox.recipient_answer = "550 no such user"
    with pytest.raises(mail.MailRefused, match="550"):
        send(message_id="valle.2")
    inbox.recipient_answer, inbox.answers = "", ["451 later"]
    with pytest.raises(mail.MailUnavailable, match="451"):
        send(message_id="valle.3")
    send(message_id="valle.4")
    assert (numbers(inbox), inbox.calls) == (["valle.1", "valle.4"], 1)


def test_a_server_that_hangs_up_with_its_answer_is_called_anew(inbox: Counting) -> None:
    send(message_id="valle.1")
    inbox.answers = ["421 too busy"]
    with pytest.raises(mail.MailUnavailable, match="421"):
        send(message_id="valle.2")
    send(message_id="valle.3")
    assert (numbers(inbox), inbox.calls) == (["valle.1", "valle.3"], 2)


def test_a_line_cut_between_two_letters_loses_and_doubles_none(inbox: Counting) -> None:
    send(message_id="valle.1")
    call = line.LINE._call
    assert call
    call.connection.sock.shutdown(socket.SHUT_RDWR)
    send(message_id="valle.2")
    assert (numbers(inbox), inbox.calls) == (["valle.1", "valle.2"], 2)


def test_no_call_goes_on_for_ever(inbox: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOST_LETTERS", 2)
    for number in range(5):
        send(message_id=f"valle.{number}")
    assert (len(inbox.held), inbox.calls) == (5, 3)


def test_after_the_last_letter_one_says_good_bye(inbox: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STILL_SECONDS", 0.05)
    send()
    assert inbox.goodbyes.wait(60), "nobody keeps a server's line"
    send(message_id="valle.8")
    assert (len(inbox.held), inbox.calls) == (2, 2)


class Mute(threading.Thread):
    """A mail server that says nothing more from the n-th command on."""

    def __init__(self, after: int) -> None:
        super().__init__(daemon=True)
        self.after, self.commands, self.calls = after, 0, 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.open: list[socket.socket] = []

    def run(self) -> None:
        """Answer everything with yes, as long as it answers."""
        while True:
            try:
                call, _ = self.listening.accept()
            except OSError:
                return
            self.calls += 1
            self.open.append(call)
            threading.Thread(target=self.talk, args=[call], daemon=True).start()

    def talk(self, call: socket.socket) -> None:
        """One call."""
        call.sendall(b"220 here\r\n")
        is_body = False
        with call.makefile("rb") as words:
            for word in words:
                if is_body:
                    if word != b".\r\n":
                        continue
                    is_body = False
                self.commands += 1
                if self.commands > self.after:
                    continue
                is_body = word.upper().startswith(b"DATA")
                call.sendall(b"354 go on\r\n" if is_body else b"250 yes\r\n")

    def stop(self) -> None:
        """End everything."""
        for one in (*self.open, self.listening):
            one.close()


# EHLO, MAIL, RCPT, DATA, the letter: five commands. Then NOOP, MAIL, RCPT, DATA, the letter.
@pytest.mark.parametrize("after", [5, 6, 7, 8, 9], ids=["noop", "mail", "rcpt", "data", "the letter"])
def test_a_server_that_falls_silent_holds_up_one_letter_as_long_as_a_call_may_take(settings: Any, after: int) -> None:
    server = Mute(after)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.listening.getsockname()
    settings.EMAIL_TIMEOUT = 0.3
    line.LINE.hang_up()
    try:
        send(message_id="valle.1")
        with pytest.raises(mail.MailUnavailable, match=r"Timeout|Disconnected"):
            send(message_id="valle.2")
        assert server.calls == 1, "a silent server is not called a second time for one letter"
        server.after = 10_000
        send(message_id="valle.3")
        assert server.calls == 2, "the next letter calls anew"
    finally:
        line.LINE.hang_up()
        server.stop()
