"""
The mailbox: a real SMTP server that keeps every message it takes, for whoever it is meant.

A presenter can make it refuse (451, try later) the next messages or all of them, to show that senders retry.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campanella.simulators import clock
from campanella.simulators.store import Row, Store

LARGEST_MESSAGE = 25_000_000
MODES = ("accept", "refuse", "down")


@dataclass(frozen=True)
class Attachment:
    """One file of a message."""

    number: int
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One message as it arrived, with its readable parts."""

    id: int
    arrived: datetime
    sender: str
    recipients: list[str]
    subject: str
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    attachments: list[Attachment]


class Mailbox:
    """The messages kept, and the switch that refuses new ones."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, *, sender: str, recipients: list[str], raw: bytes) -> int:
        """Keep one message as it came."""
        subject = _header(message_from_bytes(raw, policy=policy.default), "Subject")
        return self._store.insert(
            "INSERT INTO messages (arrived, sender, recipients, subject, raw) VALUES (?, ?, ?, ?, ?)",
            *(clock.now().isoformat(timespec="seconds"), sender, json.dumps(recipients), subject, raw),
        )

    def newest(self, *, to: str = "", most: int = 200) -> list[dict[str, Any]]:
        """The messages whose recipient contains `to`, newest first, without their content."""
        rows = self._store.rows(
            "SELECT id, arrived, sender, recipients, subject FROM messages"
            " WHERE instr(lower(recipients), lower(?)) > 0 ORDER BY id DESC LIMIT ?",
            *(to.strip(), most),
        )
        return [{**row, "recipients": json.loads(row["recipients"])} for row in rows]

    def find(self, identifier: int) -> Message | None:
        """One message with its parts."""
        row = self._store.row("SELECT * FROM messages WHERE id = ?", identifier)
        return _message(row) if row else None

    def raw(self, identifier: int) -> bytes | None:
        """One message as it came over the wire."""
        row = self._store.row("SELECT raw FROM messages WHERE id = ?", identifier)
        return bytes(row["raw"]) if row else None

    def clear(self) -> None:
        """Throw all messages away."""
        self._store.run("DELETE FROM messages")

    @property
    def mode(self) -> str:
        """`accept`, `refuse` (the next messages, as many as `refusals_left`) or `down`."""
        return self._store.switch("mailbox", "accept")

    @property
    def refusals_left(self) -> int:
        """How many messages are still to be refused in mode `refuse`."""
        return int(self._store.switch("refusals", "0"))

    def set_mode(self, mode: str, *, count: int = 1) -> None:
        """Turn the switch; `count` matters for `refuse` alone."""
        self._store.set_switch("refusals", str(count if mode == "refuse" else 0))
        self._store.set_switch("mailbox", mode)

    def refuses(self) -> bool:
        """Tell whether this message is refused, and count it."""
        if self.mode != "refuse":
            return self.mode == "down"
        self.set_mode("refuse" if self.refusals_left > 1 else "accept", count=self.refusals_left - 1)
        return True


class Postman:
    """What aiosmtpd asks about each message (the names are its own)."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, or refuse it for now."""
        if self._mailbox.refuses():
            return "451 4.3.0 Simulatore: casella non disponibile, riprova"
        raw = envelope.content or b""
        self._mailbox.keep(
            sender=envelope.mail_from or "",
            recipients=list(envelope.rcpt_tos),
            raw=raw if isinstance(raw, bytes) else raw.encode(),
        )
        return "250 2.0.0 Consegnato"


def smtp_server(mailbox: Mailbox, *, host: str, port: int) -> Controller:
    """The SMTP server, not yet started."""
    return Controller(
        Postman(mailbox),
        hostname=host,
        port=port,
        server_hostname="simulatore.localhost",
        ready_timeout=60,  # a loaded machine needs more than the five seconds of the library
        data_size_limit=LARGEST_MESSAGE,
        enable_SMTPUTF8=True,
    )


def _message(row: Row) -> Message:
    parsed = message_from_bytes(row["raw"], policy=policy.default)
    return Message(
        id=row["id"],
        arrived=datetime.fromisoformat(row["arrived"]),
        sender=row["sender"],
        recipients=json.loads(row["recipients"]),
        subject=row["subject"],
        headers=[(name, _header(parsed, name)) for name in dict.fromkeys(parsed.keys())],
        text=_body(parsed, "plain"),
        html=_body(parsed, "html"),
        attachments=list(_attachments(parsed)),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return "; ".join(str(value) for value in message.get_all(name, []))
    except (ValueError, IndexError, AttributeError, TypeError):
        # The standard library trips over some malformed headers; the raw message still has them.
        return "(intestazione non leggibile)"


def _body(message: EmailMessage, kind: str) -> str | None:
    try:
        part = message.get_body((kind,))
    except (ValueError, KeyError, AttributeError):
        return None
    return _decoded(part) if part is not None else None


def _decoded(part: Any) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return str(content.decode(part.get_content_charset() or "utf-8", errors="replace"))
    except LookupError:
        return str(content.decode("utf-8", errors="replace"))


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    files = [part for part in message.walk() if part.get_content_disposition() == "attachment" or part.get_filename()]
    for number, part in enumerate(files):
        content = part.get_payload(decode=True)
        yield Attachment(
            number=number,
            name=part.get_filename() or f"allegato-{number + 1}",
            content_type=part.get_content_type(),
            content=content if isinstance(content, bytes) else bytes(str(part), "utf-8", "replace"),
        )
