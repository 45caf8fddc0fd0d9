"""The rules of payments, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campanella.domains.payments import rules

DUE = date(2026, 11, 13)
DAY = date(2026, 10, 14)
OPENED = datetime(2026, 10, 14, 6, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "due_on", "paid_on", "asked", "paid", "reason"),
    [
        ("open", DUE, DAY, 2000, 2000, None),
        ("open", DUE, DUE, 2000, 2000, None),
        ("open", DUE, DUE + timedelta(days=1), 2000, 2000, "expired"),
        ("open", DUE, DAY, 2000, 1999, "amount"),
        ("open", DUE, DAY, 2000, 2001, "amount"),
        ("paid", DUE, DAY, 2000, 2000, "twice"),
        ("cancelled", DUE, DAY, 2000, 2000, "cancelled"),
        ("cancelled", DUE, DUE + timedelta(days=9), 2000, 1, "cancelled"),
        (None, None, DAY, None, 2000, "unknown"),
        (None, DUE, DAY, 2000, 2000, "unknown"),
        ("open", None, DAY, 2000, 2000, "unknown"),
    ],
)
def test_why_a_receipt_waits_for_the_office(state, due_on, paid_on, asked, paid, reason) -> None:
    facts = {"state": state, "due_on": due_on, "paid_on": paid_on, "asked_cents": asked, "paid_cents": paid}
    found = rules.why_park(**facts, share_cents=paid)

    assert found == reason
    assert reason is None or rules.REASONS[reason]
    assert rules.why_park(**facts, share_cents=paid, is_foreign=True) == "foreign"
    # A share for somebody else is looked at by a person, unless there is a stronger reason already.
    assert rules.why_park(**facts, share_cents=paid - 1) == (reason or "amount")
    assert rules.why_park(**facts, share_cents=paid + 1) == (reason or "amount")


@pytest.mark.parametrize(
    ("outcome", "minutes", "is_under_way"),
    [
        ("", 0, True),
        ("", 29, True),
        ("", 30, False),
        ("ok", 30, True),
        ("ok", 24 * 60 - 1, True),
        ("ok", 24 * 60, False),
        ("cancelled", 0, False),
        ("failed", 0, False),
    ],
)
def test_how_long_a_visit_may_still_end_in_a_receipt(outcome: str, minutes: int, is_under_way: bool) -> None:
    now = OPENED + timedelta(minutes=minutes)

    assert rules.is_under_way(opened_at=OPENED, outcome=outcome, now=now) is is_under_way


@pytest.mark.parametrize(
    ("outcome", "minutes", "phase"),
    [
        ("", 0, "unknown"),
        ("", 29, "unknown"),
        ("", 30, "over"),
        ("ok", 0, "coming"),
        ("ok", 24 * 60 - 1, "coming"),
        ("ok", 24 * 60, "over"),
        ("cancelled", 0, "over"),
        ("failed", 0, "over"),
    ],
)
def test_what_became_of_a_visit(outcome: str, minutes: int, phase: str) -> None:
    now = OPENED + timedelta(minutes=minutes)

    assert rules.phase(opened_at=OPENED, outcome=outcome, now=now) == phase


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Ricarica Nido d’infanzia", "Ricarica Nido d'infanzia"),
        ("‘Nido’ d’infanzia", "'Nido' d'infanzia"),
        ("A/b?c:(d).e,f'g+h-i 09 Zz", "A/b?c:(d).e,f'g+h-i 09 Zz"),
        ("Ricarica Già pagata: più pasti", "Ricarica Gia pagata: piu pasti"),
        ("Ricarica mensa & doposcuola <A>\tž 🍎", "Ricarica mensa doposcuola A z"),
        ("x" * 140, "x" * 107),
        ("", ""),
    ],
)
def test_what_banks_are_told_is_in_their_letters(description: str, told: str) -> None:
    said = rules.remittance(iuv="01202600000000103", cents=4650, description=description)
    assert said == f"/RFB/01202600000000103/46.50/TXT/{told}".rstrip()
    assert len(said) <= 140


@pytest.mark.parametrize(
    ("cents", "told"),
    [(1, "0.01"), (99, "0.99"), (100, "1.00"), (4605, "46.05"), (10_099, "100.99"), (12_345_678, "123456.78")],
)
def test_banks_write_an_amount_with_a_point(cents: int, told: str) -> None:
    assert rules.remittance(iuv="1", cents=cents, description="Ricarica") == f"/RFB/1/{told}/TXT/Ricarica"


def test_a_causal_that_is_cut_ends_with_a_letter() -> None:
    said = rules.remittance(iuv="01202600000000103", cents=4650, description="x" * 106 + " y")
    assert said.endswith("x")
    assert len(said) == 139


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("301146649191420568", "301146649191420568"),
        ("3011 4664 9191 4205 68", "301146649191420568"),
        ("3011-4664-9191-4205-68", "301146649191420568"),
        ("01202600000000103", "01202600000000103"),
        ("12345678901", "12345678901"),
        ("1234567890", ""),
        ("1" * 18, "1" * 18),
        ("1" * 19, ""),
        ("12345678901a", ""),
        ("", ""),
    ],
)
def test_a_number_read_aloud(typed: str, digits: str) -> None:
    """Ten digits may be a telephone."""
    assert rules.digits_of_number(typed) == digits
