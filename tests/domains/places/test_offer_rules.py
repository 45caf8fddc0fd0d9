"""The life of an offer, one for seats, weeks and places of a list: its term, its last instant, what is left to prolong."""

from datetime import date, datetime, timedelta

import pytest

from campanella.domains.places import offering
from campanella.domains.places.offer_rules import ROME, answer_until, may_answer

FAR = date(2028, 6, 30)
UNTIL = datetime.fromisoformat("2026-12-10T23:59:59.999999+01:00")
NOON = datetime(2026, 12, 9, 12, tzinfo=ROME)


@pytest.mark.parametrize(
    ("offered", "days", "working", "until"),
    [
        # Ten days from a Monday; two working days over a week-end; over Easter; never ending on a Sunday.
        ("2026-11-30 09:00", 10, False, "2026-12-10"),
        ("2026-11-27 18:00", 2, True, "2026-12-01"),
        ("2027-03-26 09:00", 2, True, "2027-03-31"),
        ("2026-12-03 09:00", 10, False, "2026-12-14"),
        ("2026-12-07 00:00", 1, True, "2026-12-09"),
    ],
)
def test_until_when_a_family_may_answer(offered: str, days: int, working: bool, until: str) -> None:
    at = datetime.fromisoformat(offered).replace(tzinfo=ROME)
    found = answer_until(offered_at=at, days=days, working=working, over=FAR)
    assert found
    assert found.isoformat(timespec="minutes") == f"{until}T23:59+0{2 if until == '2027-03-31' else 1}:00"


@pytest.mark.parametrize(
    ("days", "end", "until"),
    [(3, 30, 13), (3, 14, 12), (3, 12, 10), (3, 11, None), (3, 10, None), (1, 30, 12), (1, 13, 11)],
)
def test_an_offer_is_answered_while_a_day_is_left(days: int, end: int, until: int | None) -> None:
    at = datetime(2027, 7, 10, 9, tzinfo=ROME)
    found = answer_until(offered_at=at, days=days, over=date(2027, 7, end))
    assert (found and found.day) == until


@pytest.mark.parametrize(
    ("is_open", "received", "may"),
    [
        (True, "2026-12-10T23:59:59.999999+01:00", True),
        (True, "2026-12-11T00:00:00+01:00", False),
        (False, "2026-12-01T00:00:00+01:00", False),
    ],
)
def test_an_answer_counts_until_the_last_instant(is_open: bool, received: str, may: bool) -> None:
    assert may_answer(is_open=is_open, until=UNTIL, received_at=datetime.fromisoformat(received)) is may


@pytest.mark.parametrize(
    ("day", "over", "now", "refusal"),
    [
        (14, FAR, NOON, None),
        # Its time is over, and nobody has let it go yet.
        (14, FAR, UNTIL + timedelta(hours=8), None),
        (10, FAR, NOON, offering.NotLonger),
        (11, FAR, NOON + timedelta(days=3), offering.NotLonger),
        (14, date(2026, 12, 16), NOON, None),
        (15, date(2026, 12, 16), NOON, offering.NotLonger),
    ],
)
def test_how_far_an_offer_is_prolonged(day: int, over: date, now: datetime, refusal: type[Exception] | None) -> None:
    said = {"is_open": True, "until": UNTIL, "day": date(2026, 12, day), "over": over, "words": " Malattia ", "now": now}
    if refusal:
        with pytest.raises(refusal):
            offering.prolonged(**said)  # type: ignore[arg-type]
    else:
        until, why = offering.prolonged(**said)  # type: ignore[arg-type]
        assert (until.date(), why) == (date(2026, 12, day), "Malattia")
