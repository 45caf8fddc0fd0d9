"""What a day was: the table a school officer could check."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from campanella.domains.attendance.fact_rules import Fact, at_odds, day_state, overruling, wish_of
from campanella.domains.attendance.rules import Action, Mark, mark_counts

MORNING = datetime(2026, 10, 14, 7, tzinfo=UTC)
LEVELS = {"asked": 0, "corrected": 2}

PLAIN = {
    "is_enrolled": True, "runs": True, "is_closed": False, "is_present": None, "is_future": False, "is_today": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"is_present": True}, "present"),
        ({"is_present": False}, "absent"),
        ({"is_present": True, "is_closed": True}, "present"),
        ({"is_present": True, "is_enrolled": False}, "present"),
        ({"is_closed": True}, "closed"),
        ({"is_closed": True, "is_enrolled": False}, "closed"),
        ({"is_enrolled": False}, "not_enrolled"),
        ({"is_enrolled": False, "runs": False}, "not_enrolled"),
        ({"runs": False}, "no_service"),
        ({"runs": False, "is_today": True}, "no_service"),
        ({"is_future": True}, "to_come"),
        ({"is_today": True}, "awaited"),
        ({}, "no_service"),
    ],
)
def test_what_a_day_was(changed: dict[str, bool], state: str) -> None:
    assert day_state(**{**PLAIN, **changed}) == state


@pytest.mark.parametrize(
    ("is_present", "is_white", "is_late", "mark"),
    [
        (True, False, False, Mark(is_present=True, is_white=False)),
        (True, True, False, Mark(is_present=True, is_white=True)),
        (True, False, True, Mark(is_present=True, is_white=False, is_late=True)),
        (True, True, True, Mark(is_present=True, is_white=True, is_late=True)),
        (False, True, True, Mark(is_present=False)),
    ],
)
def test_who_is_absent_has_neither_menu_nor_hour(is_present: bool, is_white: bool, is_late: bool, mark: Mark) -> None:
    assert Mark.of(is_present=is_present, is_white=is_white, is_late=is_late) == mark


def _facts(told: list[tuple[str, int, int, bool]]) -> list[Fact]:
    """Of each its kind, minute, device and whether it counts."""
    return [
        Fact(kind, LEVELS.get(kind, 1), MORNING + timedelta(minutes=minute), UUID(int=n), True, counts, device)
        for n, (kind, minute, device, counts) in enumerate(told, start=1)
    ]


@pytest.mark.parametrize(
    ("told", "decides"),
    [
        ([], None),
        ([("marked", 5, 9, True), ("marked", 7, 1, True)], 2),  # another tablet, a minute later
        ([("marked", 5, 0, True)], 1),  # a page, before
        ([("marked", 5, 1, True), ("arrived", 6, 2, True)], 2),
        ([("marked", 6, 2, True), ("corrected", 5, 0, True)], 2),  # strength before the moment
        ([("marked", 5, 9, True), ("marked", 7, 1, True), ("marked", 8, 9, True)], None),  # its own is the last
        ([("marked", 7, 1, False)], None),  # came too late to count
        ([("left", 7, 1, True), ("asked", 7, 0, True)], None),  # says nothing of who is there
    ],
)
def test_which_mark_decides_in_the_place_of_the_tablets_own(
    told: list[tuple[str, int, int, bool]], decides: int | None
) -> None:
    facts = _facts(told)
    assert overruling(facts, device=9) == (facts[decides - 1] if decides else None)


@pytest.mark.parametrize(
    ("mine", "other", "says_otherwise", "is_at_odds"),
    [
        (5, 7, True, True),  # made before the other, and comes after it
        (7, 5, True, True),  # made after it on a tablet without network
        (19, 5, True, False),  # made a moment ago, the other stood on the screen
        (5, 7, False, False),  # both say the same
    ],
)
def test_two_marks_are_at_odds_where_neither_author_could_know(
    mine: int, other: int, says_otherwise: bool, is_at_odds: bool
) -> None:
    """At twenty past; whichever of the two was made first."""
    own = Fact("marked", 1, MORNING + timedelta(minutes=mine), UUID(int=1), True, True, 9)
    theirs = Fact("marked", 1, MORNING + timedelta(minutes=other), UUID(int=2), not says_otherwise, True, 1)
    found = at_odds([own, theirs], new={own.event_id}, device=9, since=MORNING + timedelta(minutes=19))
    assert found == ((own, theirs) if is_at_odds else None)


@pytest.mark.parametrize(
    ("takes_away", "minute", "confirmed", "counts"),
    [
        (True, 30, 20, True),
        (True, 31, 20, False),
        (True, 31, None, True),
        (True, 40, 45, True),  # confirmed late: until then
        (False, 90, 20, True),  # who comes at noon eats
    ],
)
def test_until_when_a_mark_of_the_school_counts(takes_away: bool, minute: int, confirmed: int | None, counts: bool) -> None:
    found = mark_counts(
        takes_away=takes_away,
        made_at=MORNING + timedelta(minutes=minute),
        marks_until=MORNING + timedelta(minutes=30),
        confirmed_at=None if confirmed is None else MORNING + timedelta(minutes=confirmed),
    )
    assert found == counts


@pytest.mark.parametrize(
    ("action", "wanted", "asks"),
    [
        ("cancel", (True, True), (False, False, False)),
        ("undo", (True, True), (False, False, False)),
        ("book", (True, True), (True, False, False)),
        ("white", (False, False), (True, True, False)),
        ("white", (False, True), (True, True, True)),
        ("packed", (True, False), (True, True, True)),
        ("packed", (False, False), (True, False, True)),
        ("keep", (True, False), (True, True, False)),
        ("keep", (False, True), (True, False, True)),
        ("keep", (False, False), (True, False, False)),
    ],
)
def test_what_an_action_leaves_of_what_was_wanted(
    action: Action, wanted: tuple[bool, bool], asks: tuple[bool, bool, bool]
) -> None:
    found = wish_of(action, is_white=wanted[0], is_packed=wanted[1])
    assert (found.is_booked, found.is_white, found.is_packed) == asks
