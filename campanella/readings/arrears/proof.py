"""How each reminder left and whether it arrived: what the mail server said, or what the office wrote down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.arrears.rules.ladder import WITH_PROTOCOL
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.queries import Message
from campanella.foundation.core import clock
from campanella.foundation.design.italian import at_time


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What is known of a reminder's way.

    :ivar status: kind and words of its pill
    :ivar words: in full, for the collector
    :ivar reached_on: when it was in the debtor's hands, as can be shown; None while nothing shows it
    :ivar waits: the office has still to hand it over
    """

    status: tuple[str, str]
    words: str
    reached_on: date | None
    waits: bool


def proofs_of(found: Sequence[ReminderView]) -> dict[int, Proof]:
    """Return by reminder what is known of its way: one query, none without mails."""
    mailed = [one for one in found if one.leaves_by_itself]
    mails = messaging.by_key(keys=[f"reminder:{one.id}:" for one in mailed]) if mailed else {}
    return {one.id: _mailed(mails.get(f"reminder:{one.id}:")) if one.leaves_by_itself else _handed(one) for one in found}


def _mailed(mail: Message | None) -> Proof:
    if mail is None:
        return Proof(("off", "Nessuna e-mail"), "nessuna e-mail: mancava l’indirizzo", None, waits=False)
    if mail.sent_at:
        day, hour = clock.day_of(mail.sent_at), at_time(mail.sent_at)
        said = f"e-mail a {mail.address}, presa dal server di posta il {day:%d/%m/%Y} alle {hour}"
        return Proof(("ok", "Spedita"), said, None, waits=False)
    if mail.failed_at:
        return Proof(("stop", "Non arrivata"), f"e-mail a {mail.address} rifiutata: {mail.failure}", None, waits=True)
    return Proof(("wait", "In partenza"), f"e-mail a {mail.address}, in partenza", None, waits=False)


def _handed(one: ReminderView) -> Proof:
    if not one.handings:
        return Proof(("wait", "Da consegnare"), "non ancora consegnata", None, waits=True)
    said = "; ".join(
        f"{handing.words} il {handing.day:%d/%m/%Y}{f', protocollo {handing.protocol}' if handing.protocol else ''}"
        f"{f' ({handing.note})' if handing.note else ''}"
        for handing in one.handings
    )
    if one.handed("returned"):
        return Proof(("stop", "Tornata al mittente"), said, None, waits=False)
    # Handed over in person, or delivered against a receipt, it has reached whom it was for: this can be shown.
    reached = one.handed("handed") or (one.handed("delivered") if one.channel in WITH_PROTOCOL else None)
    return Proof(("ok", "Consegnata" if reached else "Spedita"), said, reached, waits=False)
