"""What is told of an access: that it is there, a new password, the addresses that belong to it."""

from datetime import datetime

from campanella.domains.people.models import Guardian
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue


def of_access(user_id: int) -> list[str]:
    """Return how the keys of the letters begin that let somebody into an access."""
    return [f"new_access:{user_id}:", f"password_reset:{user_id}:"]


def password_reset(*, address: str, display_name: str, username: str, link: str, key: str, now: datetime) -> None:
    """Send the link for a new password."""
    queue(
        template="password_reset",
        key=f"password_reset:{key}",
        guardian=None,
        address=address,
        now=now,
        subject="Nuova password",
        values={"name": display_name, "username": username, "link": link},
    )


def password_changed(*, address: str, name: str, key: str, now: datetime) -> None:
    """Tell that a password was changed."""
    queue(
        template="password_changed",
        key=f"password_changed:{key}",
        guardian=None,
        address=address,
        now=now,
        subject="La tua password è cambiata",
        values={"name": name, "link": portal_link("accounts:forgotten")},
    )


def new_access(*, address: str, display_name: str, username: str, link: str, key: str, now: datetime) -> None:
    """Send the user name of a new access and the link to choose its password."""
    queue(
        template="new_access",
        key=f"new_access:{key}:",
        guardian=None,
        address=address,
        now=now,
        subject="Il tuo accesso",
        values={"name": display_name, "username": username, "link": link},
    )


def confirm_contacts(*, address: str, guardian: Guardian | None, link: str, key: str, now: datetime) -> None:
    """Ask the new address whether it belongs to the person who wrote it."""
    queue(
        template="confirm_contacts",
        key=f"confirm_contacts:{key}",
        guardian=guardian,
        address=address,
        now=now,
        subject="Conferma i tuoi recapiti",
        values={"link": link},
    )


def contacts_changed(*, address: str, name: str, key: str, now: datetime) -> None:
    """Tell the address used so far that it no longer is; the new one is not named, since this box may be another's."""
    queue(
        template="contacts_changed",
        key=f"contacts_changed:{key}",
        guardian=None,
        address=address,
        now=now,
        subject="La tua e-mail è cambiata",
        values={"name": name},
    )
