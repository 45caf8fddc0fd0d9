"""The letter about the school year that comes."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.people.models import Guardian
from campanella.domains.schools.models import YearRoll
from campanella.readings.office.year_readers import ChildYear
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import LAST, queue


def of_roll(roll_id: int) -> str:
    """Return how the keys of all letters of a roll-over begin."""
    return f"year:{roll_id}:"


def begins(*, roll: YearRoll, guardian: Guardian, children: Sequence[ChildYear], now: datetime) -> None:
    """Tell a family where its children go, which services go on, and which credits and debts are carried; once."""
    queue(
        template="year_begins",
        key=f"{of_roll(roll.pk)}{guardian.pk}",
        urgency=LAST,
        guardian=guardian,
        subject="L’anno scolastico che viene",
        now=now,
        values={"first": roll.first, "children": children, "link": portal_link("portal:home")},
    )
