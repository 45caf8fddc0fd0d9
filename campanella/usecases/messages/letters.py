"""
Every message to a family, one function each; the text is a template beside it.

Subjects carry no personal data: they are seen on a locked screen.
"""

from collections.abc import Mapping
from datetime import datetime

from django.template.loader import render_to_string

from campanella.domains.ledger.queries import WalletView
from campanella.domains.messaging import operations as messaging
from campanella.domains.people.models import Guardian
from campanella.domains.support.models import News, Ticket, TicketMessage
from campanella.foundation.core.clock import ROME
from campanella.foundation.tenants.queries import Town, active_town
from campanella.usecases.links import portal_link


def low_credit(*, payer: Guardian, child_name: str, wallet: WalletView, level: str, now: datetime) -> None:
    """Tell the payer that a wallet is nearly used up, or used up."""
    subject = "Il credito sta per finire" if level == "low" else "Il credito è finito"
    _queue(
        template="low_credit", key=f"low_credit:{wallet.id}:{level}:{now.timestamp():.0f}", guardian=payer,
        subject=subject, now=now,
        values={"child": child_name, "wallet": wallet, "level": level, "link": portal_link("portal:top-up")},
    )  # fmt: skip


def top_up_booked(
    *,
    payer: Guardian,
    child_name: str,
    wallet: WalletView,
    cents: int,
    receipt_id: str,
    link: str,
    now: datetime,
) -> None:
    """Tell the payer that the money has arrived."""
    _queue(
        template="top_up_booked", key=f"top_up_booked:{receipt_id}", guardian=payer, subject="Ricarica ricevuta", now=now,
        values={"child": child_name, "wallet": wallet, "cents": cents, "iur": receipt_id, "link": link},
    )  # fmt: skip


def password_reset(*, address: str, display_name: str, username: str, link: str, key: str, now: datetime) -> None:
    """Send the link for a new password."""
    _queue(
        template="password_reset", key=f"password_reset:{key}", guardian=None, address=address, now=now,
        subject="Nuova password", values={"name": display_name, "username": username, "link": link},
    )  # fmt: skip


def password_changed(*, address: str, name: str, key: str, now: datetime) -> None:
    """Tell that a password was changed."""
    _queue(
        template="password_changed", key=f"password_changed:{key}", guardian=None, address=address, now=now,
        subject="La tua password è cambiata", values={"name": name, "link": portal_link("accounts:forgotten")},
    )  # fmt: skip


def new_access(*, address: str, display_name: str, username: str, link: str, key: str, now: datetime) -> None:
    """Send the user name of a new access and the link to choose its password."""
    _queue(
        template="new_access", key=f"new_access:{key}", guardian=None, address=address, now=now,
        subject="Il tuo accesso", values={"name": display_name, "username": username, "link": link},
    )  # fmt: skip


def confirm_contacts(*, address: str, guardian: Guardian | None, link: str, key: str, now: datetime) -> None:
    """Ask the new address whether it belongs to the person who wrote it."""
    _queue(
        template="confirm_contacts", key=f"confirm_contacts:{key}", guardian=guardian, address=address, now=now,
        subject="Conferma i tuoi recapiti", values={"link": link},
    )  # fmt: skip


def contacts_changed(*, address: str, name: str, key: str, now: datetime) -> None:
    """Tell the address used so far that it no longer is; the new one is not named, since this box may be another's."""
    _queue(
        template="contacts_changed", key=f"contacts_changed:{key}", guardian=None, address=address, now=now,
        subject="La tua e-mail è cambiata", values={"name": name},
    )  # fmt: skip


def news_published(*, news: News, guardian: Guardian, link: str, now: datetime) -> None:
    """Tell an adult that there is a piece of news; one that is published again is not told again."""
    _queue(
        template="news_published", key=f"news:{news.pk}:{guardian.pk}", guardian=guardian, subject=news.title, now=now,
        values={"news": news, "link": link, "off": portal_link("portal:email")},
    )  # fmt: skip


def ticket_received(*, ticket: Ticket, text: str, link: str, now: datetime) -> None:
    """
    Confirm that the office has a ticket.

    :param text: what was written; empty for an address nobody has verified, so that our mail carries no stranger's words
    """
    _queue(
        template="ticket_received", key=f"ticket_received:{ticket.pk}", guardian=ticket.guardian, address=ticket.email,
        subject=f"Segnalazione n. {ticket.number} ricevuta", now=now,
        values={"number": ticket.number, "text": text, "link": link},
    )  # fmt: skip


def ticket_for_office(*, address: str, ticket: Ticket, message: TicketMessage, link: str, now: datetime) -> None:
    """Bring what somebody wrote to the office."""
    _queue(
        template="ticket_for_office", key=f"ticket_for_office:{message.pk}", guardian=None, address=address,
        subject=f"Segnalazione n. {ticket.number}", now=now,
        values={
            "ticket": ticket, "child": ticket.child.full_name if ticket.child else "", "text": message.text, "link": link,
        },
    )  # fmt: skip


def ticket_answered(*, ticket: Ticket, message: TicketMessage, link: str, now: datetime) -> None:
    """Bring the office's answer to whoever wrote."""
    _queue(
        template="ticket_answered", key=f"ticket_answered:{message.pk}", guardian=ticket.guardian, address=ticket.email,
        now=now, subject=f"Risposta alla segnalazione n. {ticket.number}",
        values={"number": ticket.number, "has_page": ticket.user_id is not None, "text": message.text, "link": link},
    )  # fmt: skip


def _queue(
    *, template: str, key: str, guardian: Guardian | None, subject: str, now: datetime, values: Mapping[str, object],
    address: str = "",
) -> None:  # fmt: skip
    to = address or (guardian.email if guardian else "")
    if not to:
        return
    town = active_town()
    text = render_to_string(f"messages/{template}.txt", {**values, "town": town, "sent_at": now.astimezone(ROME)})
    messaging.queue(
        key=key[:100],
        guardian=guardian,
        address=to,
        template=template,
        subject=_subject(subject, town),
        text=text,
        now=now,
    )


def _subject(subject: str, town: Town) -> str:
    return f"{subject} · {town.name}"
