"""
What a family is told of its credit, its payments and what it asks for; the text of each letter is a template beside it.

Subjects carry no personal data: they are seen on a locked screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.billing.queries import InvoiceView
from campanella.domains.ledger.queries import Moment, MovementLine, WalletView
from campanella.domains.messaging.operations import Also, Told
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import LAST, queue, worded

# Notices written out in one letter.
MOST_LINES = 20


@dataclass(frozen=True)
class NoticeLine:
    """A notice as a letter tells it."""

    child: str
    service: str
    amount: Euro
    number: str
    due_on: date


@dataclass(frozen=True)
class TopUpLine:
    """A receipt as a letter of thanks tells it; ``moment`` is where the wallet stood right after it."""

    child: Child
    child_name: str
    wallet: WalletView
    moment: Moment
    amount: Euro
    receipt_id: str
    link: str


def low_credit(
    *, payer: Guardian, child: Child, wallet: WalletView, moment: Moment, calm: str, level: str, now: datetime
) -> None:
    """Tell the payer that a wallet is nearly used up, or used up; ``calm`` says that nothing changes for the child."""
    subject = "Il credito sta per finire" if level == "low" else "Il credito è finito"
    queue(
        template="low_credit",
        key=f"low_credit:{wallet.id}:{level}:{moment.entry_id}",
        guardian=payer,
        subject=subject,
        now=now,
        child=child,
        told=_told(wallet, moment),
        values={
            "wallet": wallet,
            "balance": moment.balance,
            "calm": calm,
            "level": level,
            "link": portal_link("portal:top-up"),
        },
    )


def of_top_up(receipt_id: str) -> str:
    """Return the key by which a receipt is thanked for, in a letter of its own or in one with others."""
    return f"top_up_booked:{receipt_id}"[:100]


def top_up_booked(*, payer: Guardian, lines: Sequence[TopUpLine], now: datetime) -> None:
    """
    Tell the payer that the money has arrived, and where each credit stood right after it.

    :param lines: what was paid together, at least one
    """
    first, *others = lines
    is_one = not others
    queue(
        template="top_up_booked" if is_one else "top_ups_booked",
        key=of_top_up(first.receipt_id),
        guardian=payer,
        subject="Ricarica ricevuta",
        now=now,
        child=first.child,
        told=_told(first.wallet, first.moment),
        also=[
            Also(of_top_up(line.receipt_id), line.moment.entry_id or 0, line.wallet.id, line.moment.balance.cents)
            for line in others
        ],
        values={"line": first, "lines": lines, "total": Euro(sum(line.amount.cents for line in lines))},
    )


def credit_corrected(*, payer: Guardian, child: Child, wallet: WalletView, movement: MovementLine, now: datetime) -> None:
    """Tell the payer that the credit was put right by hand: by how much, why, and the balance right after it."""
    queue(
        template="credit_corrected",
        key=f"credit_corrected:{wallet.id}:{movement.entry_id}",
        guardian=payer,
        subject="Credito corretto",
        now=now,
        child=child,
        told=_told(wallet, Moment(movement.entry_id, movement.balance_after)),
        values={"wallet": wallet, "movement": movement, "link": portal_link("portal:movements", wallet.id)},
    )


def notices_made(*, payer: Guardian, first_id: int, notices: Sequence[NoticeLine], now: datetime) -> None:
    """Tell the payer what the office asks to be paid, each notice with its number, and all of them together."""
    subject = "Un avviso da pagare" if len(notices) == 1 else f"{len(notices)} avvisi da pagare"
    queue(
        template="notices_made",
        key=f"notices_made:{first_id}:{payer.pk}",
        guardian=payer,
        subject=subject,
        now=now,
        values={
            "notices": notices[:MOST_LINES],
            "more": max(0, len(notices) - MOST_LINES),
            "count": len(notices),
            "total": sum((notice.amount for notice in notices), Euro(0)),
            "invoice": None,
            "why": "",
            "link": portal_link("portal:notices"),
        },
    )


def invoice_by_notice(*, payer: Guardian, notice: NoticeLine, invoice: InvoiceView, why: str, now: datetime) -> None:
    """
    Bring the pagoPA notice of an invoice that a bank does not pay, with the invoice.

    :param why: what has become of the debit, to follow the number of the invoice
    """
    queue(
        template="notices_made",
        key=f"notices_made:{notice.number}:{payer.pk}",
        guardian=payer,
        subject="Un avviso da pagare",
        now=now,
        values={
            "notices": [notice],
            "more": 0,
            "count": 1,
            "total": notice.amount,
            "invoice": invoice,
            "why": why,
            "link": portal_link("portal:invoice", invoice.id),
        },
        papers=f"invoice:{invoice.id}",
    )


def payment_waits(
    *,
    payer: Guardian,
    child: Child,
    notice: NoticeLine,
    amount: Euro,
    reason: str,
    receipt_id: str,
    request_id: int,
    now: datetime,
) -> None:
    """Tell the payer that a payment arrived and waits for the office: why, and what happens next."""
    queue(
        template="payment_waits",
        key=f"payment_waits:{receipt_id}",
        guardian=payer,
        subject="Il tuo pagamento è arrivato: lo guarda l’ufficio",
        now=now,
        child=child,
        values={
            "notice": notice,
            "amount": amount,
            "reason": reason,
            "iur": receipt_id,
            "link": portal_link("portal:position", request_id),
        },
    )


def from_office(*, guardian: Guardian, subject: str, text: str, act: str, now: datetime) -> None:
    """Bring an adult what the office writes to many: an act writes to each once, and may be taken back a while."""
    queue(
        template="from_office",
        key=f"{act}:{guardian.pk}",
        urgency=LAST,
        wait_seconds=int(LEAVES_AFTER.total_seconds()),
        guardian=guardian,
        subject=subject,
        now=now,
        values=_from_office(text),
    )


def from_office_worded(*, subject: str, text: str, now: datetime) -> tuple[str, str]:
    """Return subject and text of what the office writes to many, as each adult would read it."""
    return worded(template="from_office", subject=subject, values=_from_office(text), now=now)


def _from_office(text: str) -> dict[str, object]:
    return {"text": text, "link": portal_link("portal:home")}


def request_told(
    *, guardian: Guardian, number: str, is_accepted: bool, received: str, lines: Sequence[str], link: str, now: datetime
) -> None:
    """Tell an adult the outcome number of what it asked, and what counts of it; neither name nor day is in the subject."""
    queue(
        template="request_told",
        key=f"request_told:{number}",
        guardian=guardian,
        subject=f"Richiesta n. {number}",
        now=now,
        values={
            "number": number,
            "is_accepted": is_accepted,
            "received": received,
            "lines": lines[:MOST_LINES],
            "more": max(0, len(lines) - MOST_LINES),
            "link": link,
        },
    )


def cut_off_moved(
    *,
    address: str,
    shift_id: int,
    day: date,
    until: datetime,
    what: str,
    place: str,
    is_cooked: bool,
    reason: str,
    now: datetime,
) -> None:
    """
    Tell a kitchen, or the office, that the cut-off of a day has moved.

    :param what: what may be asked until then, where it is an hour of its own that has moved
    :param place: the service and the school, empty for all
    """
    queue(
        template="cut_off_moved",
        key=f"cut_off_moved:{shift_id}:{address}",
        guardian=None,
        address=address,
        subject="Un’ora per le famiglie si sposta" if what else "La chiusura dei numeri si sposta",
        now=now,
        values={
            "day": day,
            "until": until,
            "until_day": clock.day_of(until),
            "what": what,
            "place": place,
            "is_cooked": is_cooked,
            "reason": reason,
        },
    )


def _told(wallet: WalletView, moment: Moment) -> Told:
    return Told(wallet_id=wallet.id, entry_id=moment.entry_id, balance_cents=moment.balance.cents)
