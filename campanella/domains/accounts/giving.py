"""Accesses as the office keeps them: a password for one use, what somebody may do here, closing and opening again."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import F

from campanella.domains.accounts import entering, rules
from campanella.domains.accounts.events import AccessClosed
from campanella.domains.accounts.models import ContactChange, Session, User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "user.password_given": "ha stampato una password provvisoria per {username}",
        "user.closed": "ha chiuso l’accesso {username}",
        "user.opened": "ha riaperto l’accesso {username}",
        "user.changed": "ha cambiato nome, e-mail o incarichi di {username}",
        "user.contacts_changed": "ha cambiato i recapiti",
    }
)

# Without what is misread when a password is dictated.
EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4


def one_time_password() -> str:
    """Return a password to be typed once from a sheet of paper: ``k7tm-94qd-x2vb-hw3e``, 79 bits."""
    groups = ["".join(secrets.choice(EASY_LETTERS) for _ in range(4)) for _ in range(GROUPS)]
    return "-".join(groups)


@operation
def give_password(*, by: Actor, user: User, now: datetime) -> str:
    """
    Give an access a new password for one use; the one before ends, and its person must choose another.

    Every session ends, and so does every link that waits to be followed. The password ends with its first use, or after
    thirty days.

    :returns: the password, for the letter; only its hash is stored
    """
    password = one_time_password()
    User.objects.filter(pk=user.pk).update(
        password=make_password(password),
        must_change_password=True,
        password_ends_at=now + timedelta(days=rules.LETTER_DAYS),
    )
    entering.forget_failures(name=user.username)
    _end_what_waits(user)
    _note("user.password_given", by=by, user=user, now=now)
    return password


@operation
def close(*, by: Actor, user: User, now: datetime) -> None:
    """
    Let somebody in no more, from this moment; what they did stays under their name.

    What the access waits for ends with it, so that opening it again opens nothing else.
    """
    User.objects.filter(pk=user.pk).update(is_active=False)
    _end_what_waits(user)
    _note("user.closed", by=by, user=user, now=now)
    publish(AccessClosed(user_id=user.pk))


@operation
def reopen(*, by: Actor, user: User, now: datetime) -> None:
    """Let somebody in again."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    _note("user.opened", by=by, user=user, now=now)


@operation
def change_staff(*, by: Actor, user: User, display_name: str, email: str, roles: Sequence[Role], now: datetime) -> None:
    """Change who a member of staff is and may do; being a guardian as well is left as it is."""
    kept = [str(Role.GUARDIAN)] if user.has_role(Role.GUARDIAN) else []
    User.objects.filter(pk=user.pk).update(
        display_name=display_name, email=email, roles=[*(str(role) for role in roles), *kept]
    )
    _note("user.changed", by=by, user=user, now=now)


@operation
def move_address(*, by: Actor, user_ids: Sequence[int], before: Collection[str], email: str, now: datetime) -> None:
    """
    Write the address to which the letters of one person's accesses go; an access with an address of its own keeps it.

    :param user_ids: the accesses of the person
    :param before: the addresses that the person leaves
    """
    left = {address.lower() for address in before}
    accesses = User.objects.filter(pk__in=list(user_ids)).exclude(email=email).order_by("id").values_list("id", "email")
    moved = [user_id for user_id, address in accesses if address.lower() in left]
    if moved:
        User.objects.filter(pk__in=moved).update(email=email)
        subjects = [f"user:{user_id}" for user_id in moved]
        audit.record(by=by, action="user.contacts_changed", subjects=subjects, at=now)


def _end_what_waits(user: User) -> None:
    """End the sessions of an access, its change of address that waits to be confirmed, and its links to a new password."""
    Session.objects.filter(user_id=user.pk).delete()
    ContactChange.objects.filter(user=user, confirmed_at=None).delete()
    User.objects.filter(pk=user.pk).update(link_round=F("link_round") + 1)


def _note(action: str, *, by: Actor, user: User, now: datetime) -> None:
    audit.record(by=by, action=action, subjects=[f"user:{user.pk}"], at=now, data={"username": user.username})
