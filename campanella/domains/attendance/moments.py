"""
When something was made that a device dates by its own clock: no way that a message takes, however slow, may change that.

A device sends what its clock says at sending. The difference to the receipt is how wrong that clock is and how long the
message was under way, and nobody can tell one from the other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

# A difference up to this is taken for the way, and the clock for right: networks are slower than clocks are wrong.
UNDER_WAY = timedelta(seconds=30)


def clock_error(measured: timedelta) -> timedelta:
    """Return by how much a clock is ahead of ours, nothing where the difference may be the way alone."""
    return measured if abs(measured) > UNDER_WAY else timedelta()


def in_sequence(made: Mapping[int, datetime | None], *, known: Mapping[int, datetime], now: datetime) -> dict[int, datetime]:
    """
    Date the marks of one tablet so that none is earlier than one that it counts before: its count is right, clocks are not.

    :param made: the corrected moment of each, by the tablet's count; None for one that cannot be, which was no later than
        the next one that can
    :param known: the moments on record, by their count: of those right below and above
    """
    steps = sorted({**made, **known})
    found: dict[int, datetime] = {}
    ceiling = following = now
    for seq in reversed(steps):
        if seq in known:
            ceiling = following = min(ceiling, known[seq])
        else:
            moment = made[seq]
            following = found[seq] = following if moment is None else min(moment, ceiling)
    floor = datetime.min.replace(tzinfo=UTC)
    for seq in steps:
        floor = max(floor, known.get(seq) or found[seq])
        if seq in found:
            found[seq] = min(floor, now)
    return found
