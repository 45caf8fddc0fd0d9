"""The letters of invoices while the mail server is down, or knows no such mailbox: each once at most, none lost."""

from datetime import date
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.usecases.billing import issuing, running
from tests.billing import eat, noon, october
from tests.domains.messaging.test_mail import free_port
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid
from tests.worker.conftest import Workers

pytestmark = [pytest.mark.slow, pytest.mark.process]


class Box:
    """A mail server that keeps what it is given, and knows nobody called ``unknown``."""

    def __init__(self, unknown: str = "") -> None:
        self.unknown, self.held = unknown, []

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse the mailbox that nobody has."""
        if address == self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a letter: to whom, with the names of its papers."""
        mail = message_from_bytes(envelope.content or b"")
        papers = sorted(name for part in mail.walk() if (name := part.get_filename()))
        self.held += [(address, tuple(papers)) for address in envelope.rcpt_tos]
        return "250 OK"


ROSSI = ("rossi@posta.example", ("avviso-FT-2026-1.pdf", "fattura-FT-2026-1.pdf"))
HADDAD = ("haddad@posta.example", ("avviso-FT-2026-2.pdf", "fattura-FT-2026-2.pdf"))


def issue(town: Cast) -> None:
    """Issue October in the process of the office; the letters are left to the worker."""
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
        run = running.preview(by=OFFICE, service=meal, first=date(2026, 10, 1), last=date(2026, 10, 31), now=clock.now())
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        issuing.issue(run_id=run.id)


def invoices_sent(town: Cast) -> list[str]:
    with scope(town.town.id):
        sent = Message.objects.filter(template="invoice_issued").exclude(sent_at=None)
        return sorted(sent.values_list("address", flat=True))


def test_a_mail_server_that_is_down_holds_invoices_up_and_then_each_leaves_once(town: Cast, workers: Workers) -> None:
    issue(town)
    box, port = Box(), free_port()
    workers.start(CAMPANELLA_SMTP_PORT=str(port))
    tried = "task_name = 'deliver' and attempts > 0 and status = 'todo'"
    workers.wait_for(lambda: workers.count(tried) >= 2)
    assert invoices_sent(town) == []

    server = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
    server.start()
    try:
        workers.looking.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
        workers.wait_for(lambda: invoices_sent(town) == [HADDAD[0], ROSSI[0]])
        workers.looking.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
        workers.wait_for(lambda: not workers.count("task_name = 'deliver' and status in ('todo', 'doing')"))
    finally:
        server.stop()

    assert sorted(one for one in box.held if one[1]) == [HADDAD, ROSSI]


def test_a_mailbox_that_nobody_has_stops_no_other_invoice_and_the_office_can_read_of_it(
    town: Cast, workers: Workers
) -> None:
    issue(town)
    box = Box(unknown=ROSSI[0])
    server = Controller(box, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    try:
        workers.start(CAMPANELLA_SMTP_PORT=str(server.port))
        workers.wait_for(lambda: invoices_sent(town) == [HADDAD[0]])
        with scope(town.town.id):
            refused = Message.objects.filter(template="invoice_issued", address=ROSSI[0])
            workers.wait_for(lambda: refused.exclude(failed_at=None).exists())
            assert [one.sent_at for one in refused] == [None]
    finally:
        server.stop()

    assert [one for one in box.held if one[1]] == [HADDAD]
