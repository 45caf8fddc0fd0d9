"""How each reminder left and whether it arrived: what the mail server said, or what the office wrote down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.arrears.rules.ladder import WITH_PROTOCOL
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.queries import Message
from campanella.foundation.core import clock
from campanella.foundation.core.closed import one_of
from campanella.foundation.core.italian import at_time, day_figures

Outcome = Literal["waiting", "taken", "refused", "handed", "posted", "delivered", "returned", "none"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class ReminderTold:
    """
    How a household was told: the delivery on record of one reminder.

    :ivar how: its channel, as the step says (``mail``, ``letter``, ``registered`` …)
    :ivar on: the day of the outcome, None while nothing has happened
    :ivar outcome: of an e-mail ``waiting``, ``taken`` by the mail server or ``refused``, ``none`` where none left; of paper
        ``waiting``, ``handed`` over, ``posted``, ``delivered`` or ``returned``
    :ivar detail: the address, what the mail server said, or the protocol number
    """

    how: str
    on: date | None
    outcome: Outcome
    detail: str

    def as_json(self) -> dict[str, str | None]:
        """Return it as plain values."""
        return {
            "how": self.how,
            "on": self.on.isoformat() if self.on else None,
            "outcome": self.outcome,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What is known of a reminder's way.

    :ivar status: kind and words of its pill
    :ivar told: the delivery on record
    :ivar words: in full, for the collector
    :ivar reached_on: when it was in the debtor's hands, as can be shown; None while nothing shows it
    :ivar waits: the office has still to hand it over
    """

    status: tuple[str, str]
    words: str
    reached_on: date | None
    waits: bool
    told: ReminderTold


def proofs_of(found: Sequence[ReminderView]) -> dict[int, Proof]:
    """Return by reminder what is known of its way: one query, none without mails."""
    mailed = [one for one in found if one.leaves_by_itself]
    mails = messaging.by_key(keys=[f"reminder:{one.id}:" for one in mailed]) if mailed else {}
    return {one.id: _mailed(mails.get(f"reminder:{one.id}:")) if one.leaves_by_itself else _handed(one) for one in found}


def _mailed(mail: Message | None) -> Proof:
    if mail is None:
        told = ReminderTold("mail", None, "none", "")
        return Proof(("off", "Nessuna e-mail"), "nessuna e-mail: mancava l’indirizzo", None, waits=False, told=told)
    if mail.sent_at:
        day, hour = clock.day_of(mail.sent_at), at_time(mail.sent_at)
        said = f"e-mail a {mail.address}, presa dal server di posta il {day_figures(day)} alle {hour}"
        return Proof(("ok", "Spedita"), said, None, waits=False, told=ReminderTold("mail", day, "taken", mail.address))
    if mail.failed_at:
        told = ReminderTold("mail", clock.day_of(mail.failed_at), "refused", f"{mail.address}: {mail.failure}")
        return Proof(
            ("stop", "Non arrivata"), f"e-mail a {mail.address} rifiutata: {mail.failure}", None, waits=True, told=told
        )
    if mail.called_off_at or mail.set_aside_at:
        told = ReminderTold("mail", None, "none", mail.address)
        return Proof(
            ("stop", "Non spedita"), f"e-mail a {mail.address} fermata prima di partire", None, waits=True, told=told
        )
    told = ReminderTold("mail", None, "waiting", mail.address)
    return Proof(("wait", "In partenza"), f"e-mail a {mail.address}, in partenza", None, waits=False, told=told)


def _handed(one: ReminderView) -> Proof:
    if not one.handings:
        told = ReminderTold(one.channel, None, "waiting", "")
        return Proof(("wait", "Da consegnare"), "non ancora consegnata", None, waits=True, told=told)
    said = "; ".join(
        f"{handing.words} il {day_figures(handing.day)}{f', protocollo {handing.protocol}' if handing.protocol else ''}"
        f"{f' ({handing.note})' if handing.note else ''}"
        for handing in one.handings
    )
    last = one.handings[-1]
    told = ReminderTold(one.channel, last.day, one_of(OUTCOMES, last.kind), last.protocol)
    if one.handed("returned"):
        return Proof(("stop", "Tornata al mittente"), said, None, waits=False, told=told)
    # Handed over in person, or delivered against a receipt, it has reached whom it was for: this can be shown.
    reached = one.handed("handed") or (one.handed("delivered") if one.channel in WITH_PROTOCOL else None)
    return Proof(("ok", "Consegnata" if reached else "Spedita"), said, reached, waits=False, told=told)
