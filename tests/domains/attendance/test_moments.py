"""When something was made that a device dates: the count of a tablet decides, whatever its clock and the network do."""

from datetime import UTC, datetime, timedelta

import pytest

from campanella.domains.accounts.rules import clock_ahead
from campanella.domains.attendance.moments import clock_error, in_sequence

NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)


def at(minute: int | None) -> datetime | None:
    """Return a minute before noon, none for a moment that is none."""
    return None if minute is None else NOON - timedelta(hours=1) + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("made", "known", "found"),
    [
        ({1: 5, 2: 6}, {}, {1: 5, 2: 6}),
        ({1: 7, 2: 6}, {}, {1: 7, 2: 7}),  # the clock was set back in between
        ({2: 6}, {1: 7}, {2: 7}),  # the first was longer under way
        ({1: 7}, {2: 6}, {1: 6}),  # the second came first
        ({2: 9}, {1: 3, 3: 5}, {2: 5}),
        ({1: None, 2: 6}, {}, {1: 6, 2: 6}),  # no later than what came after it
        ({1: None}, {}, {1: 60}),
        ({1: None, 3: 8}, {2: 4}, {1: 4, 3: 8}),
        ({1: 70}, {}, {1: 60}),  # not after now
    ],
)
def test_no_mark_is_dated_before_one_that_the_tablet_counts_before(
    made: dict[int, int | None], known: dict[int, int], found: dict[int, int]
) -> None:
    moments = in_sequence(
        {seq: at(minute) for seq, minute in made.items()}, known={seq: at(m) or NOON for seq, m in known.items()}, now=NOON
    )
    assert moments == {seq: at(minute) for seq, minute in found.items()}


@pytest.mark.parametrize(
    ("before", "measured", "is_ahead"),
    [
        (None, -4, -4),
        (-1, -12, -1),  # longer under way
        (-12, -1, -1),  # the nearest to the truth so far
        (180, -4, -4),  # the clock was set
        (0, 240, 240),
    ],
)
def test_a_slow_way_does_not_move_what_is_known_of_a_clock(before: int | None, measured: int, is_ahead: int) -> None:
    known = None if before is None else timedelta(seconds=before)
    assert clock_ahead(measured=timedelta(seconds=measured), before=known) == timedelta(seconds=is_ahead)


def test_what_may_be_the_way_alone_is_no_error_of_a_clock() -> None:
    assert clock_error(timedelta(seconds=-30)) == timedelta()
    assert clock_error(timedelta(seconds=-31)) == timedelta(seconds=-31)
