"""Passwords: changed by the old one, chosen in place of a letter's, set anew by a link that was mailed."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError

from campanella.domains.accounts import entering, rules
from campanella.domains.accounts.entering import WrongPassword
from campanella.domains.accounts.events import PasswordChanged
from campanella.domains.accounts.models import ForgottenPassword, Session, User
from campanella.domains.accounts.operations import LinkExpired
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation

# What no worker has looked at for so long is forgotten for good.
KEPT = timedelta(days=1)
PIN_DIGITS = 6

audit.sentences({"user.password_changed": "ha cambiato la password", "user.pin_chosen": "ha scelto il PIN per i tablet"})


class WeakPassword(Refusal):
    """The new password is too easy."""


class WeakPin(Refusal):
    """The PIN is too easy."""

    message = "Scegli sei cifre che non si indovinano: non tutte uguali, non in fila come 123456."


@operation
def change_password(*, user: User, old: str, new: str, now: datetime, keep_session: str | None) -> None:
    """
    Change one's own password; every other session of the user ends.

    :raises WrongPassword: the old one is wrong
    :raises TooManyTries: the old one was wrong too often
    :raises WeakPassword: the new one is too easy, or is the old one; the message says why
    """
    entering.prove(user=user, password=old, now=now)
    if new == old:
        raise WeakPassword("Questa è la password di adesso: scegline una diversa.")
    _set_password(user=user, new=new, now=now, keep_session=keep_session)
    publish(PasswordChanged(user_id=user.pk, changed_at=now.isoformat()))


@operation
def choose_pin(*, user: User, pin: str, password: str, now: datetime) -> None:
    """
    Choose the six digits by which the school's tablets know somebody.

    :raises WrongPassword: the password is wrong
    :raises TooManyTries: it was wrong too often
    :raises WeakPin: they are no six digits, or the first that somebody would try
    """
    entering.prove(user=user, password=password, now=now)
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS) or rules.pin_is_weak(pin):
        raise WeakPin
    User.objects.filter(pk=user.pk).update(pin=make_password(pin))
    audit.record(by=user, action="user.pin_chosen", subjects=[f"user:{user.pk}"], at=now)


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


@operation
def note_forgotten(*, asked: str, now: datetime) -> int:
    """
    Keep what somebody wrote on the page of forgotten passwords, for the worker to look who it is.

    :returns: its id, which is all that a job may carry: people type passwords there too
    """
    ForgottenPassword.objects.filter(asked_at__lt=now - KEPT).delete()
    return ForgottenPassword.objects.create(asked=asked.strip()[:120], asked_at=now).pk


@operation
def take_forgotten(*, forgotten_id: int) -> ForgottenPassword | None:
    """Return what was written and keep it no longer; None the second time."""
    found = ForgottenPassword.objects.filter(pk=forgotten_id).first()
    if found:
        ForgottenPassword.objects.filter(pk=forgotten_id).delete()
    return found


def user_of_link(*, user_id: int, token: str) -> User:
    """
    Return the user a reset link belongs to.

    :raises LinkExpired: the link was used or is too old
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not _RESET_LINKS.check_token(user, token):
        raise LinkExpired
    return user


def reset_token(*, user: User) -> str:
    """Return the token of a reset link; using it, signing in, closing the access or a letter ends it."""
    return _RESET_LINKS.make_token(user)


class _ResetLinks(PasswordResetTokenGenerator):
    """Django's, with the link's round in it; its hour is one of the one clock, also in the night of changed clocks."""

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{getattr(user, 'link_round', 0)}"


_RESET_LINKS = _ResetLinks()


def check_strength(*, new: str, username: str, display_name: str, email: str) -> None:
    """
    Check a password for somebody who has no access yet.

    :raises WeakPassword: it is too easy; the message says why
    """
    _check(new, User(username=username, display_name=display_name, email=email, municipality_id=0))


def _check(new: str, user: User) -> None:
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise WeakPassword(" ".join(_WEAK.get(error.code or "", error.messages[0]) for error in weak.error_list))


def _set_password(*, user: User, new: str, now: datetime, keep_session: str | None) -> None:
    _check(new, user)
    user.set_password(new)
    user.must_change_password, user.password_ends_at = False, None
    user.save(update_fields=["password", "must_change_password", "password_ends_at"])
    entering.forget_failures(name=user.username)
    Session.objects.filter(user_id=user.pk).exclude(session_key=keep_session or "").delete()
    audit.record(by=user, action="user.password_changed", subjects=[f"user:{user.pk}"], at=now)


_WEAK = {
    "password_too_short": "È troppo corta: servono almeno 10 caratteri.",
    "password_entirely_numeric": "Sono solo cifre: metti anche delle lettere.",
    "password_too_simple": "È troppo semplice: lettere ripetute o in fila si indovinano subito.",
    "password_too_common": "È tra le più usate al mondo: scegline una che conosci solo tu.",
    "password_too_similar": "Somiglia troppo al tuo nome o alla tua e-mail.",
}
