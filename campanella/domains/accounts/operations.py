"""Entering, passwords, and accounts made by the office."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from campanella.domains.accounts import rules
from campanella.domains.accounts.events import PasswordChanged
from campanella.domains.accounts.models import ContactChange, Role, Session, SignInAttempt, User
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "user.created": "ha creato l’accesso {username}",
        "user.password_changed": "ha cambiato la password",
    }
)


class WrongCredentials(Refusal):
    """The name or the password is wrong; which of the two is not told."""

    message = "Nome utente o password non corretti. Controlla maiuscole e minuscole e riprova."


class TooManyTries(Refusal):
    """Too many failures for this name or from this origin."""

    message = "Troppi tentativi. Aspetta un quarto d’ora, oppure usa “Hai dimenticato la password?”."


class WeakPassword(Refusal):
    """The new password is too easy."""


class WrongPassword(Refusal):
    """The present password is wrong."""

    message = "La password attuale non è corretta."


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
def enter(*, username: str, password: str, origin: str, now: datetime) -> User:
    """
    Check a name and a password.

    A wrong name costs as much time as a wrong password, and says the same.

    :param origin: where the attempt comes from; kept as a hash
    :raises TooManyTries: too many failures within fifteen minutes
    :raises WrongCredentials: the name or the password is wrong
    """
    name_hash, origin_hash = _hashed(username.strip().lower()), _hashed(origin)
    recent = SignInAttempt.objects.filter(at__gt=now - rules.WINDOW)
    if not rules.may_try(
        by_name=recent.filter(name_hash=name_hash).count(),
        by_origin=recent.filter(origin_hash=origin_hash).count(),
    ):
        raise TooManyTries
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if user is None:
        make_password(password)
    if user is None or not user.check_password(password):
        SignInAttempt.objects.create(name_hash=name_hash, origin_hash=origin_hash, at=now)
        raise WrongCredentials
    User.objects.filter(pk=user.pk).update(last_login=now)
    return user


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
    :raises NameTaken: the town has this user name already
    """
    user = User(
        username=username.strip().lower(),
        display_name=display_name,
        roles=[str(role) for role in roles],
        email=email,
        must_change_password=must_change_password,
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
def create_users(*, by: Actor, users: Sequence[NewUser], password: str, now: datetime) -> list[User]:
    """
    Make many accesses with one password, hashed once: for demos and tests, never for people.

    :returns: the users in the order given
    :raises NameTaken: the town has one of these user names already, or one is there twice
    """
    hashed = make_password(password)
    rows = [
        User(
            username=new.username.strip().lower(), display_name=new.display_name, email=new.email,
            roles=[str(role) for role in new.roles], password=hashed,
        )
        for new in users
    ]  # fmt: skip
    try:
        with transaction.atomic():
            made = User.objects.bulk_create(rows)
    except IntegrityError:
        raise NameTaken
    for user in made[:20]:
        audit.record(by=by, action="user.created", subjects=[f"user:{user.pk}"], at=now, data={"username": user.username})
    return made


@operation
def change_password(*, user: User, old: str, new: str, now: datetime, keep_session: str | None) -> None:
    """
    Change one's own password; every other session of the user ends.

    :raises WrongPassword: the old one is wrong
    :raises WeakPassword: the new one is too easy, or is the old one; the message says why
    """
    if not user.check_password(old):
        raise WrongPassword
    if new == old:
        raise WeakPassword("Questa è la password di adesso: scegline una diversa.")
    _set_password(user=user, new=new, now=now, keep_session=keep_session)
    publish(PasswordChanged(user_id=user.pk, changed_at=now.isoformat()))


@operation
def choose_password(*, user: User, new: str, now: datetime, keep_session: str | None) -> None:
    """
    Choose one's own password in place of the one the office gave; every other session of the user ends.

    :raises WrongPassword: nobody asked this user to choose one, so the old one must be given (``change_password``)
    :raises WeakPassword: the new one is too easy; the message says why
    """
    if not user.must_change_password:
        raise WrongPassword
    if user.check_password(new):
        raise WeakPassword("Questa è la password della lettera: scegline una diversa.")
    _set_password(user=user, new=new, now=now, keep_session=keep_session)


@operation
def reset_password(*, user_id: int, token: str, new: str, now: datetime) -> User:
    """
    Set a new password by the link that was mailed.

    :raises LinkExpired: the link was used or is older than an hour
    :raises WeakPassword: the new one is too easy
    """
    user = user_of_link(user_id=user_id, token=token)
    _set_password(user=user, new=new, now=now, keep_session=None)
    publish(PasswordChanged(user_id=user.pk, changed_at=now.isoformat()))
    return user


def user_of_link(*, user_id: int, token: str) -> User:
    """
    Return the user a reset link belongs to.

    :raises LinkExpired: the link was used or is too old
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise LinkExpired
    return user


def reset_token(*, user: User) -> str:
    """Return the token of a reset link; using it, or signing in, ends it."""
    return default_token_generator.make_token(user)


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
    ContactChange.objects.create(user=user, email=email, phone=phone, token_hash=_hashed(token), asked_at=now)
    return token


@operation
def confirm_contact_change(*, token: str, now: datetime) -> ContactChange:
    """
    Confirm a change of contacts; which accesses take the address is decided above (``giving.move_address``).

    :raises LinkExpired: the link is unknown, used, or older than two days
    """
    change = (
        ContactChange.objects.select_for_update(no_key=True, of=("self",))
        .filter(token_hash=_hashed(token), confirmed_at=None, asked_at__gt=now - timedelta(hours=rules.LINK_HOURS))
        .first()
    )
    if change is None or ContactChange.objects.filter(user_id=change.user_id, id__gt=change.pk).exists():
        raise LinkExpired
    change.confirmed_at = now
    change.save(update_fields=["confirmed_at"])
    return change


def _set_password(*, user: User, new: str, now: datetime, keep_session: str | None) -> None:
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise WeakPassword(" ".join(_WEAK.get(error.code or "", error.messages[0]) for error in weak.error_list))
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    Session.objects.filter(user_id=user.pk).exclude(session_key=keep_session or "").delete()
    audit.record(by=user, action="user.password_changed", subjects=[f"user:{user.pk}"], at=now)


_WEAK = {
    "password_too_short": "È troppo corta: servono almeno 10 caratteri.",
    "password_too_common": "È tra le più usate al mondo: scegline una che conosci solo tu.",
    "password_too_similar": "Somiglia troppo al tuo nome o alla tua e-mail.",
}


def _hashed(text: str) -> str:
    return salted_hmac("accounts", text, algorithm="sha256").hexdigest()
