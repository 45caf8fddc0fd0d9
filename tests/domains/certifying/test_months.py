"""Which payments cover which months: the oldest credit pays the oldest use."""

from datetime import date
from random import Random

import pytest

from campanella.domains.certifying.months import Credit, Use, covered
from campanella.domains.certifying.rules import Paid, Payer

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
MARIA = Payer("RSSMRA85T10A562S", "Maria Rossi")


def credit(cents: int, on: date, *, cash: bool = False, key: str = "") -> Credit:
    return Credit(1, on, cents, Paid(1, MARIA, "contanti" if cash else "pagoPA", not cash, cents, on, key))


def use(cents: int, month: date, *, is_other: bool = False) -> Use:
    return Use(1, month, cents, None if is_other else month)


def told(uses: list[Use], credits: list[Credit]) -> list[tuple[int, str, int]]:
    return [(one.month.month, one.paid.reference, one.cents) for one in covered(uses=uses, credits=credits)]


def test_one_payment_covers_two_months_and_two_one() -> None:
    uses = [use(30000, JANUARY), use(30000, FEBRUARY)]
    assert told(uses, [credit(50000, JANUARY, key="a"), credit(10000, MARCH, key="b")]) == [
        (1, "a", 30000),
        (2, "a", 20000),
        (2, "b", 10000),
    ]


def test_what_is_not_paid_yet_is_in_no_receipt() -> None:
    assert told([use(30000, JANUARY), use(30000, FEBRUARY)], [credit(40000, MARCH, key="a")]) == [
        (1, "a", 30000),
        (2, "a", 10000),
    ]


def test_cash_and_credit_without_proof_cover_and_prove_nothing() -> None:
    credits = [Credit(1, JANUARY, 10000), credit(10000, JANUARY, cash=True), credit(50000, FEBRUARY, key="a")]
    assert told([use(30000, JANUARY)], credits) == [(1, "a", 10000)]


def test_another_service_uses_credit_up_and_has_no_receipt() -> None:
    assert told([use(30000, JANUARY, is_other=True), use(30000, FEBRUARY)], [credit(40000, JANUARY, key="a")]) == [
        (2, "a", 10000)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_no_payment_proves_more_than_it_was_and_no_month_more_than_it_cost(seed: int) -> None:
    random = Random(seed)
    days = [date(2026, month, day) for month in range(1, 7) for day in (1, 15)]
    credits = [credit(random.randint(1, 90000), random.choice(days), key=str(key)) for key in range(random.randint(0, 9))]
    uses = [use(random.randint(1, 60000), date(2026, month, 1)) for month in range(1, 7)]
    found = covered(uses=uses, credits=credits)
    for one in credits:
        assert sum(part.cents for part in found if part.paid == one.paid) <= one.cents
    for month in uses:
        assert sum(part.cents for part in found if part.month == month.month) <= month.cents
    spent, came = sum(one.cents for one in uses), sum(one.cents for one in credits)
    assert sum(part.cents for part in found) == min(spent, came)
