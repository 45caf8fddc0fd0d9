"""Who may enter."""

from django.db.models import Q

from campanella.domains.accounts.models import ContactChange, User


def users_known_as(*, text: str) -> list[User]:
    """Return the active users of an e-mail address, or the one of a user name, who can be written to."""
    typed = text.strip()
    known = Q(email__iexact=typed) | Q(username=typed.lower())
    return list(User.objects.filter(known, is_active=True).exclude(email="").order_by("id"))


def user(*, user_id: int) -> User:
    """Return one user of the town."""
    return User.objects.get(pk=user_id)


def waiting_change(*, user: User) -> ContactChange | None:
    """Return the change of contacts that still waits for its link."""
    return ContactChange.objects.filter(user=user, confirmed_at=None).order_by("-asked_at").first()
