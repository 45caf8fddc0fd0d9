"""What tablets hand in and cannot be taken: kept as it came, within bounds, until somebody has looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from campanella.domains.attendance.models import MarkSeen, RefusedMark
from campanella.domains.attendance.receiving import Key
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation


@dataclass(frozen=True, slots=True)
class Unfit:
    """A mark that cannot be taken, as it came."""

    key: Key
    content: Any
    sentence: str
    is_reuse: bool = False


@operation
def refuse(*, unfit: Iterable[Unfit], device_id: int, now: datetime) -> None:
    """Keep what cannot be taken, as it came: one statement; a repeat changes nothing."""
    RefusedMark.objects.bulk_create(
        (
            RefusedMark(
                event_id=one.key.event_id,
                digest=one.key.digest,
                device_id=device_id,
                content=one.content,
                received_at=now,
                sentence=one.sentence,
                is_reuse=one.is_reuse,
            )
            for one in unfit
        ),
        ignore_conflicts=True,
    )


def room_for_refused(*, device_id: int, now: datetime) -> int:
    """Return how many refused marks of a tablet are still kept today: one query."""
    since = clock.rome(clock.day_of(now), time.min)
    kept = RefusedMark.objects.filter(device_id=device_id, received_at__gte=since).count()
    return max(RefusedMark.MOST_A_DAY - kept, 0)


@operation
def see(*, by: Actor, marks: Iterable[tuple[UUID, bool]], now: datetime) -> None:
    """
    Put on record that somebody has looked at marks; a second time changes nothing.

    :param marks: the id of each, and whether it is what came under an id that was used
    """
    MarkSeen.objects.bulk_create(
        (MarkSeen(event_id=event_id, is_reuse=is_reuse, at=now, by_id=by.actor_id) for event_id, is_reuse in marks),
        ignore_conflicts=True,
    )
