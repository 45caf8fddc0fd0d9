"""What a class is called where those of two school years stand side by side."""

from datetime import date, timedelta

from campanella.domains.schools.models import ClassGroup

# As far as the office looks ahead, or back, for a class.
A_YEAR = timedelta(days=366)


def name_of(group: ClassGroup, *, today: date) -> str:
    """Name a class, with its school year where that is not the one of today: ``2B (2027/28)``."""
    is_now = group.year.days.lower <= today < group.year.days.upper
    return group.name if is_now else f"{group.name} ({group.year.name})"
