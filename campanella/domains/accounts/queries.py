"""Who may enter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from campanella.domains.accounts import rules
from campanella.domains.accounts.models import ContactChange
from campanella.domains.accounts.models import Device as Device
from campanella.domains.accounts.models import User as User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core.errors import NotFound


def users_known_as(*, text: str) -> list[User]:
    """Return the active users of an e-mail address, or the one of a user name, who can be written to."""
    typed = text.strip()
    known = Q(email__iexact=typed) | Q(username=typed.lower())
    return list(User.objects.filter(known, is_active=True).exclude(email="").order_by("id"))


def user(*, user_id: int) -> User:
    """Return one user of the town."""
    return User.objects.get(pk=user_id)


def staff() -> list[User]:
    """Return everybody who works for the town here, closed accesses last: one query."""
    roles = [str(role) for role in Role if role != Role.GUARDIAN]
    return list(User.objects.filter(roles__overlap=roles).order_by("-is_active", "display_name", "id"))


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works for the town, as far as it is said who did something."""

    actor_id: int
    actor_label: str


def member_of_staff(*, user_id: int) -> User:
    """
    Return one of those who work for the town here.

    :raises NotFound: the town has no such user, or it is a family's
    """
    found = next((user for user in staff() if user.pk == user_id), None)
    if found is None:
        raise NotFound
    return found


def names_of(*, user_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of users of the town by id: one query."""
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("id", "display_name"))


def first_role(*, user_id: int) -> str:
    """Return what somebody is for the town, to say who did something without saying the name."""
    roles = User.objects.filter(pk=user_id).values_list("roles", flat=True).first()
    return roles[0] if roles else ""


def waiting_change(*, user: User, now: datetime) -> ContactChange | None:
    """Return the change of contacts that still waits for its link, if the link still holds."""
    since = now - timedelta(hours=rules.LINK_HOURS)
    newest = ContactChange.objects.filter(user=user, asked_at__gt=since).order_by("-asked_at", "-id").first()
    return newest if newest and newest.confirmed_at is None else None


def devices() -> list[Device]:
    """Return the town's tablets, those in use first, by name: one query."""
    return list(Device.objects.order_by(F("revoked_at").asc(nulls_first=True), "name", "id"))


def has_tablet_called(name: str, *, but: int | None = None) -> bool:
    """Tell whether a tablet in use, or that waits for its pairing, is called so; ``but`` is the one that asks. One query."""
    return Device.objects.filter(revoked_at=None, name__iexact=name).exclude(pk=but or 0).exists()


def device(*, device_id: int) -> Device:
    """
    Return one tablet of the town.

    :raises NotFound: the town has no such tablet
    """
    found = Device.objects.filter(pk=device_id).first()
    if found is None:
        raise NotFound
    return found
