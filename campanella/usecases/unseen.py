"""What a confirmation that waited on a tablet could not know of: a class register that came in the meantime."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from campanella.domains.attendance import folding, registered
from campanella.domains.attendance.fact_rules import fold


class Unseen(NamedTuple):
    """What a child's day was before the register was heard, and the word of it that nobody had seen."""

    is_on: bool
    event_id: UUID


def register(*, child_ids: Sequence[int], service_id: int, day: date, since: datetime) -> dict[int, Unseen]:
    """Return the children of whom a register that came after a moment says otherwise than all else: two queries, or one."""
    words = registered.came_since(child_ids=child_ids, service_id=service_id, day=day, since=since)
    found = {}
    for of in folding.days_of(child_ids=sorted(words), service_id=service_id, day=day) if words else ():
        before = fold([fact for fact in of.facts if fact.event_id not in words[of.child_id]], mode=of.mode)
        if before.is_present != fold(of.facts, mode=of.mode).is_present:
            found[of.child_id] = Unseen(before.is_present, words[of.child_id][-1])
    return found
