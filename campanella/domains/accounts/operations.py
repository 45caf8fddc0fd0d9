"""Accesses that are made, and changes of contacts that wait for their link."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from campanella.domains.accounts import rules
from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import ContactChange, User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences({"user.created": "ha creato l’accesso {username}"})


class NameTaken(Refusal):
    """Another user of the town has this name."""

    message = "Questo nome utente è già usato. Scegline un altro."


class LinkExpired(Refusal):
    """A link was used, or is too old."""

    message = "Questo collegamento non vale più: è già stato usato o è passato troppo tempo. Chiedine un altro."


class TooManyChanges(Refusal):
    """Too many changes of address: nobody's box can be filled from our page."""

    message = "Hai già chiesto molti cambi di indirizzo. Riprova tra due giorni, o chiama l’ufficio."


@dataclass(frozen=True, slots=True)
class NewUser:
    """An access to make among many."""

    username: str
    display_name: str
    roles: tuple[Role, ...]
    email: str = ""


@operation
def create_user(
    *,
    by: Actor,
    username: str,
    display_name: str,
    roles: Sequence[Role],
    password: str | None,
    now: datetime,
    email: str = "",
    must_change_password: bool = False,
) -> User:
    """
    Make an access.

    :param password: None makes an access that waits for a reset link
    :param must_change_password: the password is for one use, as a letter's
    :raises NameTaken: the town has this user name already
    """
    user = User(
        username=username.strip().lower(),
        display_name=display_name,
        roles=[str(role) for role in roles],
        email=email,
        must_change_password=must_change_password,
        password_ends_at=now + timedelta(days=rules.LETTER_DAYS) if must_change_password else None,
        password=make_password(password),
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise NameTaken
    audit.record(by=by, action="user.created", subjects=[f"user:{user.pk}"], at=now, data={"username": username})
    return user


@operation
def take_password(*, user: User, encoded: str) -> None:
    """Give a new access the password that its person chose before it was made."""
    User.objects.filter(pk=user.pk).update(password=encoded)


@operation
def create_users(*, by: Actor, users: Sequence[NewUser], password: str, now: datetime, pin: str = "") -> list[User]:
    """
    Make many accesses with one password, hashed once: for demos and tests, never for people.

    :param pin: by which the schools' tablets know those of a school; empty for none
    :returns: the users in the order given
    :raises NameTaken: the town has one of these user names already, or one is there twice
    """
    hashed, hashed_pin = make_password(password), make_password(pin) if pin else ""
    rows = [
        User(
            username=new.username.strip().lower(),
            display_name=new.display_name,
            email=new.email,
            roles=[str(role) for role in new.roles],
            password=hashed,
            pin=hashed_pin if Role.SCHOOL in new.roles else "",
        )
        for new in users
    ]
    try:
        with transaction.atomic():
            made = User.objects.bulk_create(rows)
    except IntegrityError:
        raise NameTaken
    for user in made[:20]:
        audit.record(by=by, action="user.created", subjects=[f"user:{user.pk}"], at=now, data={"username": user.username})
    return made


@operation
def ask_contact_change(*, user: User, email: str, phone: str, now: datetime) -> str:
    """
    Keep a change of contacts until its link is followed; an earlier link stops holding.

    :returns: the token for the link; only its hash is stored
    :raises TooManyChanges: too many were asked for within two days
    """
    since = now - timedelta(hours=rules.LINK_HOURS)
    if ContactChange.objects.filter(user=user, asked_at__gt=since).count() >= rules.CHANGES_PER_LINK_TIME:
        raise TooManyChanges
    token = secrets.token_urlsafe(24)
    ContactChange.objects.create(user=user, email=email, phone=phone, token_hash=hashed(token), asked_at=now)
    return token


@operation
def confirm_contact_change(*, token: str, now: datetime) -> ContactChange:
    """
    Confirm a change of contacts; which accesses take the address is decided above (``giving.move_address``).

    :raises LinkExpired: the link is unknown, used, or older than two days, or its access is closed
    """
    since = now - timedelta(hours=rules.LINK_HOURS)
    change = (
        ContactChange.objects.select_for_update(no_key=True, of=("self",))
        .filter(token_hash=hashed(token), confirmed_at=None, asked_at__gt=since, user__is_active=True)
        .first()
    )
    if change is None or ContactChange.objects.filter(user_id=change.user_id, id__gt=change.pk).exists():
        raise LinkExpired
    change.confirmed_at = now
    change.save(update_fields=["confirmed_at"])
    return change
