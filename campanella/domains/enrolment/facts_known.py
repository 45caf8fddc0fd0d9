"""What is on record of a child that tariffs ask: where it lives, and words such as ``part_time``."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.enrolment.models import ChildFact


@dataclass(frozen=True, slots=True)
class Known:
    """What holds of a child; without anything on record it is resident."""

    is_resident: bool = True
    words: frozenset[str] = frozenset()


def on(*, child_id: int, day: date) -> Known:
    """Return what holds of a child on a day: one query."""
    found = ChildFact.objects.filter(child_id=child_id, first__lte=day).order_by("-first", "-id").first()
    return Known(found.is_resident, frozenset(found.words)) if found else Known()
