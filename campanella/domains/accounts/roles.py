"""The parts people have in a town."""

from collections.abc import Sequence

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is for the town."""

    GUARDIAN = "guardian", "genitore"
    SCHOOL = "school", "scuola"
    KITCHEN = "kitchen", "cucina"
    OFFICE = "office", "ufficio"
    CASHIER = "cashier", "cassa"


def label(*, display_name: str, roles: Sequence[str]) -> str:
    """Write who somebody is in the audit trail: the name, and the first of their roles."""
    return f"{display_name}, {Role(roles[0]).label}" if roles else display_name
