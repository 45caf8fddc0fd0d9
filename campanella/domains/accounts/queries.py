"""Who may enter."""

from datetime import datetime, timedelta

from django.db.models import Q

from campanella.domains.accounts import rules
from campanella.domains.accounts.models import ContactChange, User


def users_known_as(*, text: str) -> list[User]:
    """Return the active users of an e-mail address, or the one of a user name, who can be written to."""
    typed = text.strip()
    known = Q(email__iexact=typed) | Q(username=typed.lower())
    return list(User.objects.filter(known, is_active=True).exclude(email="").order_by("id"))


def user(*, user_id: int) -> User:
    """Return one user of the town."""
    return User.objects.get(pk=user_id)


def first_role(*, user_id: int) -> str:
    """Return what somebody is for the town, to say who did something without saying the name."""
    roles = User.objects.filter(pk=user_id).values_list("roles", flat=True).first()
    return roles[0] if roles else ""


def waiting_change(*, user: User, now: datetime) -> ContactChange | None:
    """Return the change of contacts that still waits for its link, if the link still holds."""
    since = now - timedelta(hours=rules.LINK_HOURS)
    newest = ContactChange.objects.filter(user=user, asked_at__gt=since).order_by("-asked_at", "-id").first()
    return newest if newest and newest.confirmed_at is None else None
