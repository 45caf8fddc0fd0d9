"""Who may enter."""

from campanella.domains.accounts.models import ContactChange, User


def users_with_email(*, email: str) -> list[User]:
    """Return the active users of this address, for the reset of a password; several accesses may share one."""
    return list(User.objects.filter(email__iexact=email.strip(), is_active=True).order_by("id"))


def user(*, user_id: int) -> User:
    """Return one user of the town."""
    return User.objects.get(pk=user_id)


def waiting_change(*, user: User) -> ContactChange | None:
    """Return the change of contacts that still waits for its link."""
    return ContactChange.objects.filter(user=user, confirmed_at=None).order_by("-asked_at").first()
