"""Mail by SMTP."""

import smtplib
from collections.abc import Sequence
from email.header import Header
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from campanella.domains.messaging.channels.line import LINE
from campanella.domains.messaging.papers import Paper

# Characters of a subject that fit on the first line as they are.
AS_IT_IS = 60


class MailRefused(Exception):
    """The mail server will never take this message: the address is wrong."""


class MailUnavailable(Exception):
    """The mail server did not take it now; it may later."""


class Letter(EmailMessage):
    """A message whose subject begins where it stands: a long one is folded after its first words, and not before them."""

    def message(self, **options: Any) -> Any:
        """Return it as it is sent."""
        made = super().message(**options)
        # Folded without its name counted in, a long subject does not fit behind it, moves to the next line as a whole,
        # and is read with a blank before it.
        subject = str(self.subject)
        charset = None if subject.isascii() and len(subject) <= AS_IT_IS else "utf-8"
        del made["Subject"]
        made.set_raw("Subject", Header(subject, charset, header_name="Subject").encode())
        return made


def send(
    *,
    address: str,
    subject: str,
    text: str,
    sender_name: str,
    reply_to: str,
    message_id: str,
    papers: Sequence[Paper] = (),
) -> None:
    """
    Hand one message to the mail server.

    :param message_id: ours, chosen before sending: a second try is recognised as the same letter
    :param papers: PDFs that go with it
    :raises MailRefused: a permanent refusal (5xx)
    :raises MailUnavailable: no answer, or a passing refusal (4xx)
    """
    message = Letter(
        subject=" ".join(subject.split()),
        body=text,
        from_email=formataddr((" ".join(sender_name.split()), settings.MAIL_FROM)),
        to=[address],
        reply_to=[reply_to] if reply_to else [],
        headers={"Message-ID": f"<{message_id}@campanella>", "Auto-Submitted": "auto-generated"},
    )
    for paper in papers:
        message.attach(paper.name, paper.content, "application/pdf")
    try:
        LINE.send(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _ in refused.recipients.values())
        raise (MailRefused if code >= 500 else MailUnavailable)(f"SMTP {code}") from refused
    except smtplib.SMTPResponseException as refused:
        raise (MailRefused if refused.smtp_code >= 500 else MailUnavailable)(f"SMTP {refused.smtp_code}") from refused
    except (OSError, smtplib.SMTPException) as silent:
        raise MailUnavailable(type(silent).__name__) from silent
