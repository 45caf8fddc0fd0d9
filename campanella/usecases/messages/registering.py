"""The letters of who registers; the first one carries no word that a stranger has written."""

from datetime import datetime

from campanella.domains.people.models import Child, Guardian
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue


def confirm(*, address: str, link: str, key: int, now: datetime) -> None:
    """Ask a mailbox whether its owner has registered."""
    _send(
        template="registration_confirm",
        subject="Conferma la tua registrazione",
        address=address,
        key=key,
        now=now,
        link=link,
    )


def tied(*, address: str, username: str, count: int, key: int, now: datetime) -> None:
    """Tell who has registered that the access is there, and sees its children."""
    link = portal_link("accounts:sign-in")
    _send(
        template="registration_tied",
        subject="Il tuo accesso è pronto",
        address=address,
        key=key,
        now=now,
        username=username,
        count=count,
        link=link,
    )


def waiting(*, address: str, username: str, key: int, now: datetime) -> None:
    """Tell who has registered that the access is there, and that the office ties the children."""
    link = portal_link("accounts:sign-in")
    _send(
        template="registration_waits",
        subject="Il tuo accesso è pronto",
        address=address,
        key=key,
        now=now,
        username=username,
        link=link,
    )


def known(*, address: str, username: str, link: str, user_id: int, key: int, now: datetime) -> None:
    """Tell an adult, at the address the office has of it, which access it has already; the link may be none."""
    queue(
        template="registration_known",
        # Begins as the letters that let somebody in, so that closing the access calls it off.
        key=f"password_reset:{user_id}:registration:{key}",
        guardian=None,
        address=address,
        subject="Hai già un accesso",
        now=now,
        values={"username": username, "link": link},
    )


def somebody_asks(*, guardian: Guardian, has_access: bool, sees: bool, now: datetime) -> None:
    """Tell an adult that somebody has registered with its tax code from another mailbox, and what it sees, once a day."""
    queue(
        template="registration_somebody",
        key=f"registration_somebody:{guardian.pk}:{now:%Y%m%d}{':sees' if sees else ''}",
        guardian=guardian,
        subject="Un accesso a tuo nome" if sees else "Una richiesta di accesso a tuo nome",
        now=now,
        values={"link": portal_link("accounts:sign-in") if has_access else "", "sees": sees},
    )


def one_more(*, guardian: Guardian, child: Child, key: int, now: datetime) -> None:
    """Tell an adult of a child that another one sees it from now on."""
    queue(
        template="registration_one_more",
        # Who was untied and comes back is told of again.
        key=f"registration_one_more:{child.pk}:{key}:{guardian.pk}:{now:%Y%m%d%H%M%S}",
        guardian=guardian,
        child=child,
        subject="Un altro adulto è stato collegato",
        now=now,
        values={},
    )


def accepted(*, address: str, username: str, count: int, key: int, now: datetime) -> None:
    """Tell who has registered that the office has tied the children."""
    link = portal_link("accounts:sign-in")
    _send(
        template="registration_accepted",
        subject="I tuoi figli sono collegati",
        address=address,
        key=key,
        now=now,
        username=username,
        count=count,
        link=link,
    )


def refused(*, address: str, reason: str, key: int, now: datetime) -> None:
    """Tell who has registered that the office has not tied any child, and why."""
    _send(
        template="registration_refused",
        subject="La tua richiesta di accesso",
        address=address,
        key=key,
        now=now,
        reason=reason,
    )


def _send(*, template: str, subject: str, address: str, key: int, now: datetime, **values: object) -> None:
    queue(
        template=template, key=f"{template}:{key}", guardian=None, address=address, subject=subject, now=now, values=values
    )
