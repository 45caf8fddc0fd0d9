"""On which day a collection may be made, and what follows from a return."""

from datetime import date

import pytest

from campanella.domains.debiting.rules import days, reasons


def test_target_is_closed_on_the_days_that_the_central_bank_publishes() -> None:
    assert days.closed_days(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
        date(2026, 12, 26),
    }
    assert {date(2027, 3, 26), date(2027, 3, 29)} < days.closed_days(2027)
    # Italian holidays that are no holidays of the banks between them.
    assert all(days.is_target_day(date(2026, month, day)) for month, day in [(1, 6), (6, 2), (12, 8)])


@pytest.mark.parametrize(
    ("wanted", "today", "bank_days", "day"),
    [
        (date(2026, 12, 10), date(2026, 11, 20), 2, date(2026, 12, 10)),
        (date(2026, 12, 12), date(2026, 11, 20), 2, date(2026, 12, 14)),  # a Saturday
        (date(2026, 12, 25), date(2026, 11, 20), 2, date(2026, 12, 28)),  # Christmas, Saint Stephen, Sunday
        (date(2027, 1, 1), date(2026, 11, 20), 2, date(2027, 1, 4)),
        (date(2027, 3, 26), date(2027, 2, 1), 2, date(2027, 3, 30)),  # Good Friday to Easter Monday
        (date(2026, 12, 10), date(2026, 12, 8), 2, date(2026, 12, 10)),
        (date(2026, 12, 10), date(2026, 12, 9), 2, date(2026, 12, 11)),  # the bank wants it two days before
        (date(2026, 12, 10), date(2026, 12, 9), 1, date(2026, 12, 10)),
        (date(2026, 12, 14), date(2026, 12, 12), 1, date(2026, 12, 15)),  # handed in on a Saturday
        (date(2026, 12, 28), date(2026, 12, 23), 2, date(2026, 12, 28)),
        (date(2026, 12, 28), date(2026, 12, 24), 2, date(2026, 12, 29)),
        (date(2026, 12, 1), date(2026, 12, 9), 5, date(2026, 12, 16)),  # in the past
    ],
)
def test_the_day_of_a_collection(wanted, today, bank_days, day) -> None:
    assert days.collection_day(wanted=wanted, today=today, bank_days=bank_days) == day


@pytest.mark.parametrize(
    ("told_on", "notice_days", "in_time"),
    [
        (date(2026, 11, 26), 14, True),
        (date(2026, 11, 27), 14, False),
        (date(2026, 12, 8), 2, True),
        (None, 0, False),
    ],
)
def test_the_family_knows_before(told_on, notice_days, in_time) -> None:
    assert days.is_told_in_time(told_on=told_on, collected_on=date(2026, 12, 10), notice_days=notice_days) is in_time


@pytest.mark.parametrize(
    ("used", "void"),
    [
        (date(2026, 9, 1), date(2029, 9, 1)),
        (date(2026, 12, 31), date(2029, 12, 31)),
        (date(2024, 2, 29), date(2027, 3, 1)),
    ],
)
def test_a_mandate_lapses_after_three_years(used, void) -> None:
    assert days.lapses_on(used) == void


@pytest.mark.parametrize(
    ("code", "attempts", "retries", "returns", "limit", "action"),
    [
        ("AM04", 1, 1, 1, 3, "retry"),
        ("AM04", 2, 1, 2, 3, "ask"),
        ("AM04", 1, 0, 1, 3, "ask"),
        ("AM04", 1, 1, 3, 3, "pause"),
        ("AM04", 1, 1, 9, 0, "retry"),
        ("AC04", 1, 1, 1, 3, "stop"),
        ("AG01", 1, 1, 1, 3, "stop"),
        ("AC04", 1, 1, 3, 3, "stop"),
        ("MD07", 1, 1, 3, 3, "silence"),
        ("MD06", 1, 1, 1, 3, "pause"),
        ("MS03", 1, 1, 1, 3, "ask"),
        ("ms03", 1, 1, 1, 3, "ask"),
        ("FF01", 1, 1, 1, 3, "office"),
        ("ZZ99", 1, 1, 1, 3, "office"),
    ],
)
def test_what_follows_from_a_return(code, attempts, retries, returns, limit, action) -> None:
    known = reasons.reason(code)

    assert reasons.follows(known=known, attempts=attempts, retries=retries, returns=returns, limit=limit) == action


def test_a_reason_that_nobody_knows_is_told_with_its_code_to_the_office() -> None:
    assert "ZZ99" in reasons.reason("ZZ99").office
    assert all(reason.words and reason.office.endswith(".") for reason in reasons.KNOWN.values())
