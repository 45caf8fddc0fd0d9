"""Which debts are asked of a bank, and what becomes of a line that came back."""

from datetime import UTC, date, datetime

import pytest

from campanella.domains.debiting.rules import collecting
from campanella.domains.debiting.rules.collecting import Past, Standing, Terms, Told

TERMS = Terms(bank_days=2, notice_days=14, retry_days=15, retries=1)
TODAY, DUE, TOLD = date(2026, 12, 1), date(2026, 12, 10), date(2026, 11, 20)
SIGNED = datetime(2026, 9, 1, tzinfo=UTC)
BACK = datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "told", "day"),
    [
        # The 19th of December is a Saturday; the letter left on the 1st, with fourteen days of notice.
        (Past(), date(2026, 12, 1), date(2026, 12, 21)),
        # Told late, the account is debited once the notice is over.
        (Past(), date(2026, 12, 10), date(2026, 12, 24)),
        # The file has its own day, which holds whatever else.
        (Past(1, "", day=date(2026, 12, 22)), date(2026, 12, 1), date(2026, 12, 22)),
        (Past(1, "booked", day=date(2026, 12, 22)), date(2026, 12, 1), date(2026, 12, 22)),
        # What came back on the 22nd is tried again once the family has known for as long.
        (Past(1, "returned", "retry", back_on=date(2026, 12, 22), day=date(2026, 12, 21)), None, date(2027, 1, 5)),
    ],
)
def test_one_day_is_told_of_a_collection(past: Past, told: date | None, day: date) -> None:
    terms = Terms(bank_days=1, notice_days=14, retry_days=5, retries=1)
    found = collecting.told_day(due_on=date(2026, 12, 19), past=past, told=Told(told), terms=terms, today=date(2026, 12, 10))
    assert found == day


def standing(state="active", confirmed_at=SIGNED, last_used=date(2026, 9, 1), lacks_address=False, **more) -> Standing:
    return Standing(state, confirmed_at, last_used, lacks_address, **more)


def past(attempts=1, outcome="returned", follows="retry", decided="") -> Past:
    return Past(attempts, outcome, follows, BACK, BACK.date(), decided)


@pytest.mark.parametrize(
    ("mandate", "before", "told_on", "why"),
    [
        (standing(), Past(), TOLD, None),
        (None, Past(), TOLD, "no_mandate"),
        (standing("revoked"), Past(), TOLD, "no_mandate"),
        (standing("ended"), Past(), TOLD, "no_mandate"),
        (standing("lapsed"), Past(), TOLD, "no_mandate"),
        (standing("suspended"), Past(), TOLD, "suspended"),
        (standing(lacks_address=True), Past(), TOLD, "address"),
        (standing(last_used=date(2023, 12, 10)), Past(), TOLD, "lapsed"),
        (standing(last_used=date(2023, 12, 11)), Past(), TOLD, None),
        (standing(), Past(), None, "not_told"),
        (standing(), Past(), date(2026, 11, 26), None),
        (standing(), Past(), date(2026, 11, 27), "not_told"),
        (standing(), Past(1, ""), TOLD, "under_way"),
        (None, Past(1, ""), TOLD, "under_way"),
        (standing(), Past(1, "booked"), TOLD, "paid"),
        (standing(), past(), TOLD, None),
        (standing(), past(outcome="rejected"), TOLD, None),
        (standing(), past(attempts=2), TOLD, "no_retry"),
        (standing(), past(follows="ask"), TOLD, "no_retry"),
        (standing(), past(follows="stop"), TOLD, "no_retry"),
        # The family has given another account since: what came back is tried on it.
        (standing(confirmed_at=datetime(2026, 11, 13, tzinfo=UTC)), past(follows="stop"), TOLD, None),
        (standing(confirmed_at=datetime(2026, 11, 13, tzinfo=UTC)), past(attempts=2, follows="stop"), TOLD, "no_retry"),
        (standing("suspended"), past(), TOLD, "suspended"),
        # A fault of the file is put right first; who has died is asked for nothing, on no road.
        (standing(), past(follows="office"), TOLD, "office"),
        (standing("revoked"), past(follows="office"), TOLD, "office"),
        (standing(), past(attempts=2, follows="office", decided="again"), TOLD, None),
        (standing("revoked"), past(follows="office", decided="again"), TOLD, "no_mandate"),
        (standing(), past(follows="office", decided="notice"), TOLD, "no_retry"),
        (standing("ended", is_silent=True), Past(), TOLD, "silence"),
        (standing("ended"), past(follows="silence"), TOLD, "silence"),
        (standing(confirmed_at=datetime(2026, 11, 13, tzinfo=UTC)), past(follows="silence"), TOLD, None),
    ],
)
def test_why_a_debt_is_not_collected(mandate, before, told_on, why) -> None:
    about = {"mandate": mandate, "past": before, "due_on": DUE, "terms": TERMS, "today": TODAY}
    found = collecting.why_not(told=Told(told_on), **about)

    assert found == why
    assert why is None or collecting.WHY_NOT[why]
    # What a notice asks for is paid on that road alone.
    noticed = collecting.why_not(told=Told(told_on), is_noticed=True, **about)
    assert noticed == ("noticed" if why in (None, "not_told") else why)


def test_without_a_letter_nothing_is_debited_and_nothing_waited_for() -> None:
    told = Told(None, is_to_come=False)
    about = {"mandate": standing(), "told": told, "due_on": DUE, "terms": TERMS, "today": TODAY}
    assert collecting.why_not(past=Past(), **about) == "no_letter"
    assert collecting.why_not(past=past(), **about) is None


@pytest.mark.parametrize(
    ("before", "today", "day"),
    [
        (Past(), TODAY, DUE),
        (Past(), date(2026, 12, 9), date(2026, 12, 11)),
        (past(), date(2026, 11, 13), date(2026, 11, 27)),
        (past(), TODAY, date(2026, 12, 3)),
        # A town that tries again after a week still gives the notice that families have.
        (Past(1, "returned", "retry", BACK, date(2026, 12, 14)), date(2026, 12, 15), date(2026, 12, 29)),
    ],
)
def test_the_day_on_which_a_debt_is_collected(before, today, day) -> None:
    assert collecting.day_of(due_on=DUE, past=before, terms=TERMS, today=today) == day


def test_a_new_attempt_gives_the_notice_that_families_always_have() -> None:
    hasty = Terms(bank_days=2, notice_days=14, retry_days=3, retries=1)

    assert collecting.retry_on(back_on=date(2026, 12, 1), terms=hasty) == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("asked", "cents", "known", "kind", "verdict"),
    [
        (500, 500, set(), "reject", "applied"),
        (500, None, set(), "return", "applied"),
        (500, 500, {"booked"}, "return", "applied"),
        (500, 500, {"booked", "returned"}, "return", "again"),
        (500, 500, {"rejected"}, "reject", "again"),
        (500, 500, {"rejected"}, "return", "again"),
        (500, 499, {"booked"}, "return", "amount"),
        (500, 501, {"booked", "returned"}, "return", "amount"),
        (None, 500, set(), "return", "unknown"),
        (500, 500, set(), "collected", "applied"),
        (500, 500, {"booked"}, "collected", "again"),
        (500, 500, {"rejected"}, "collected", "again"),
    ],
)
def test_what_becomes_of_a_line(asked, cents, known, kind, verdict) -> None:
    assert collecting.verdict(asked_cents=asked, cents=cents, known=known, kind=kind) == verdict
    assert collecting.VERDICTS[verdict]
