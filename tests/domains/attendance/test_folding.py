"""What a day comes to, folded from its events: whatever the order, however often they come."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from campanella.domains.attendance.fact_rules import CORRECTION, MARK, REQUEST, Fact, fold, wish
from campanella.domains.attendance.rules import DayTerms, Judgement, Mode, Offline, is_due, judge

CUT_OFF = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)
TERMS = DayTerms("opt_out", CUT_OFF, CUT_OFF)
GRANTED = Offline(grace=timedelta(minutes=15), error=timedelta(minutes=10))
RECEIPT_ONLY = Offline(grace=timedelta(), error=timedelta())
MODES: tuple[Mode, ...] = ("roll_call", "opt_out", "opt_in", "register")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def clock(text: str) -> datetime:
    hours, mins = text.split(":")
    return datetime(2026, 10, 14, int(hours) - 2, int(mins), tzinfo=UTC)


# The cases of a tap without network: phone's error (minutes fast), phone shows, arrives.
@pytest.mark.parametrize(
    ("fast", "shows", "arrives", "judgement"),
    [
        (7, "09:33", "09:41", Judgement(True, by_tap=True)),
        (-4, "09:29", "09:34", Judgement(False, by_tap=True)),
        (0, "09:20", "09:46", Judgement(False)),
        (0, "09:20", "09:44", Judgement(True, by_tap=True)),
        (25, "09:50", "09:40", Judgement(False, is_doubtful=True)),
    ],
)
def test_a_tap_without_network_counts_by_its_corrected_moment_where_the_town_says_so(
    fast: int, shows: str, arrives: str, judgement: Judgement
) -> None:
    tapped = clock(shows) - minutes(fast)
    found = judge(received_at=clock(arrives), tapped_at=tapped, error=minutes(fast), terms=TERMS, offline=GRANTED)
    assert found == judgement
    by_receipt = judge(received_at=clock(arrives), tapped_at=tapped, error=minutes(fast), terms=TERMS, offline=RECEIPT_ONLY)
    assert by_receipt == Judgement(False)


def test_with_network_the_receipt_alone_counts_to_the_microsecond() -> None:
    for late, in_time in ((timedelta(), True), (timedelta(microseconds=1), False), (timedelta(microseconds=-1), True)):
        found = judge(received_at=CUT_OFF + late, tapped_at=None, error=minutes(-20), terms=TERMS, offline=GRANTED)
        assert found == Judgement(in_time)


@pytest.mark.parametrize(
    ("mode", "booked", "present", "due"),
    [
        ("roll_call", True, True, True),
        ("roll_call", True, False, False),
        ("roll_call", False, True, True),
        ("register", True, False, False),
        ("opt_out", True, False, True),
        ("opt_out", False, False, False),
        ("opt_out", False, True, True),
        ("opt_in", True, False, True),
        ("opt_in", False, False, False),
        ("opt_in", False, True, True),
    ],
)
def test_who_eats_pays_and_where_meals_are_booked_who_did_not_cancel(
    mode: Mode, booked: bool, present: bool, due: bool
) -> None:
    assert is_due(mode=mode, is_booked=booked, is_present=present) is due


def histories(seed: int) -> Iterator[list[Fact]]:
    """Histories of a day: requests, taken back too, marks of two tablets of colliding clocks, corrections, closures."""
    dice = random.Random(seed)
    for _ in range(1000):
        facts = []
        for number in range(dice.randrange(9)):
            kind, level = dice.choice(
                [
                    ("asked", REQUEST),
                    ("asked", REQUEST),
                    ("undone", REQUEST),
                    ("marked", MARK),
                    ("corrected", CORRECTION),
                    ("closed", CORRECTION),
                    ("opened", CORRECTION),
                ]
            )
            is_of_closure = kind in ("closed", "opened")
            facts.append(
                Fact(
                    kind=kind,
                    level=level,
                    made_at=CUT_OFF + minutes(dice.randrange(-4, 4)),
                    event_id=UUID(int=dice.getrandbits(128)),
                    is_on=dice.random() < 0.5 and not is_of_closure,
                    counts=dice.random() < 0.8 or is_of_closure,
                    device=dice.choice([0, 1, 2]) if level == MARK else 0,
                    seq=number,
                    request=dice.randrange(1, 4) if level == REQUEST else 0,
                    is_white=dice.random() < 0.2,
                    is_late=dice.random() < 0.2,
                )
            )
        yield facts


def plainly(facts: list[Fact], mode: Mode) -> tuple[bool, bool]:
    """The rule written apart, as one would do it by hand: put in order, then walk through."""
    taken_back = [fact.request for fact in facts if fact.kind == "undone" and fact.counts]
    booked, here, corrected = mode != "opt_in", None, False
    order = sorted(facts, key=lambda fact: (fact.made_at, fact.device, fact.seq, str(fact.event_id)))
    for fact in order:
        if fact.counts and fact.kind == "asked" and fact.request not in taken_back:
            booked = bool(fact.is_on)
    for fact in order:
        if fact.counts and fact.kind == "marked":
            here = bool(fact.is_on)
    of_closures = [fact.kind for fact in order if fact.kind in ("closed", "opened")]
    is_shut = of_closures[-1:] == ["closed"]
    for fact in order:
        if fact.counts and (fact.kind == "corrected" or (fact.kind == "closed" and is_shut)):
            here, corrected = bool(fact.is_on), True
    present = booked if here is None else here
    if corrected or mode in ("roll_call", "register"):
        return present, present
    return present, present or booked


@pytest.mark.parametrize("mode", MODES)
def test_a_history_folds_to_the_same_in_every_order_and_with_repeats(mode: Mode) -> None:
    dice = random.Random(9)
    for facts in histories(seed=7):
        first = fold(facts, mode=mode)
        assert (first.is_present, first.is_due) == plainly(facts, mode)
        for _ in range(4):
            again = facts + dice.sample(facts, k=min(3, len(facts)))
            dice.shuffle(again)
            assert fold(again, mode=mode) == first
            assert wish(again, mode=mode) == wish(facts, mode=mode)


@pytest.mark.parametrize("mode", MODES)
def test_a_closure_that_is_withdrawn_leaves_the_day_as_if_it_had_never_been(mode: Mode) -> None:
    closed = Fact("closed", CORRECTION, CUT_OFF + minutes(30), UUID(int=1), is_on=False)
    opened = Fact("opened", CORRECTION, CUT_OFF + minutes(31), UUID(int=2), is_on=None)
    for facts in histories(seed=11):
        without = [fact for fact in facts if fact.kind not in ("closed", "opened")]
        shut = fold([*without, closed], mode=mode)
        assert (shut.is_present, shut.is_due) == (False, False)
        assert shut.because == closed
        # Given back twice, as after a correction in between, it is withdrawn in one act all the same.
        again = replace(closed, made_at=CUT_OFF + timedelta(minutes=30, seconds=30), event_id=UUID(int=3))
        assert fold([opened, *without, closed], mode=mode) == fold(without, mode=mode)
        assert fold([opened, again, *without, closed], mode=mode) == fold(without, mode=mode)


@pytest.mark.parametrize(
    ("asked_at", "asks_white", "level", "marks_white", "white"),
    [
        # A wish that came after the mark, which could say nothing of it.
        ("08:40", True, MARK, False, True),
        ("08:40", False, MARK, True, True),
        ("08:40", True, CORRECTION, False, False),
        # A teacher who has seen the wish.
        ("08:10", True, MARK, False, False),
        ("08:10", False, MARK, True, True),
        # One who says nothing of the menu: the wish stays, whenever it came.
        ("08:10", True, MARK, None, True),
        ("08:10", False, MARK, None, False),
        ("08:40", True, MARK, None, True),
    ],
)
def test_a_mark_says_nothing_of_a_white_meal_that_is_asked_for_after_it(
    asked_at: str, asks_white: bool, level: int, marks_white: bool | None, white: bool
) -> None:
    kind = "corrected" if level == CORRECTION else "marked"
    asked = Fact("asked", REQUEST, clock(asked_at), UUID(int=1), is_on=True, request=1, is_white=asks_white)
    marked = Fact(kind, level, clock("08:15"), UUID(int=2), is_on=True, is_white=marks_white)
    assert fold([asked, marked], mode="opt_out").is_white is white
    absent = replace(marked, is_on=False, is_white=False)
    assert not fold([asked, absent], mode="opt_out").is_white
