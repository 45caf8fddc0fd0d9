"""Who has registered, and what of it waits for the office."""

from datetime import datetime, timedelta

from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import User
from campanella.domains.people import rules
from campanella.domains.people.models import Guardian
from campanella.domains.people.models import Registration as Registration
from campanella.foundation.core.errors import NotFound


def waiting() -> list[Registration]:
    """Return who waits for the office, the oldest first: one query."""
    return list(Registration.objects.filter(outcome="waiting").order_by("asked_at", "id"))


def waiting_count() -> int:
    """Count them: one query."""
    return Registration.objects.filter(outcome="waiting").count()


def waits(*, user: User) -> bool:
    """Tell whether an access waits for the office to say whose parent it is: one query."""
    return Registration.objects.filter(user=user, outcome="waiting").exists()


def waiting_of(*, user: User) -> Registration | None:
    """Return the registration by which an access waits for the office, None where it does not: one query."""
    return Registration.objects.filter(user=user, outcome="waiting").first()


def registration(*, registration_id: int) -> Registration:
    """
    Return one that waits for the office, or did.

    :raises NotFound: the town has no such registration
    """
    found = Registration.objects.filter(pk=registration_id).exclude(outcome="").select_related("user").first()
    if found is None:
        raise NotFound
    return found


def letters_to(*, email: str, now: datetime) -> int:
    """Count the registrations with an address while a link holds: each has written one letter to it."""
    since = now - timedelta(hours=rules.REGISTRATION_HOURS)
    return Registration.objects.filter(email__iexact=email, asked_at__gt=since).count()


def asked_lately(*, now: datetime) -> int:
    """Count the registrations of the last hour in the whole town: each has written one letter at most."""
    return Registration.objects.filter(asked_at__gt=now - timedelta(hours=1), asked_at__lte=now).count()


def adult_with(*, tax_code: str) -> Guardian | None:
    """Return the adult of the register with a tax code."""
    return Guardian.objects.filter(tax_code=tax_code).exclude(tax_code="").select_related("user").first()


def hash_of_code(typed: str) -> str:
    """Return what is kept of a link code as somebody typed it; nothing where none was typed."""
    code = rules.read_link_code(typed)
    return hashed(f"link code:{code}") if code else ""
