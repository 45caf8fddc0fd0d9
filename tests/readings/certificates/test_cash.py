"""Money of a counter on a certificate: cash stands apart, a card is certified, what was undone is nothing."""

from datetime import date
from typing import Any

from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.readings.certificates import money
from campanella.readings.certificates.reckoning import reckon
from tests.cash import opened, take, void
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER
from tests.towns import OFFICE, Cast

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def test_cash_is_left_out_and_a_card_is_certified(valle: Cast) -> None:
    for name, tax_code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=tax_code, now=clock.now())
    opened(valle)
    take(valle, 2000)
    take(valle, 3000, means="card")
    void(valle, take(valle, 9000, means="card"))

    found = money.money_of(child_ids=[valle.child("Anna").pk], **YEAR)

    said = [(one.means, one.is_traceable, one.cents, one.payer.tax_code, one.reference) for one in found.paid]
    assert said == [
        ("contanti", False, 2000, MOTHER, "CP-01-000001"),
        ("carta allo sportello", True, 3000, MOTHER, "CP-01-000002"),
    ]
    assert found.back == []
    year = found.wallets[valle.wallet("Anna").pk]
    assert (year.paid, year.refunded, year.closing) == (5000, 0, 5000)
    (content,) = reckon(child_ids=[valle.child("Anna").pk], year=2026)[0].contents
    assert content.cents == 3000


def test_what_was_undone_after_midnight_is_of_no_year(valle: Cast, at: Any) -> None:
    at("2026-12-31 23:55")
    opened(valle)
    top_up = take(valle, 2000, means="card")
    at("2027-01-01 00:02")
    void(valle, top_up)

    child = [valle.child("Anna").pk]

    assert money.money_of(child_ids=child, **YEAR).paid == []
    assert money.years_paid(child_ids=child) == set()
    assert [one.cents for one in money.moved_until(child_ids=child, last=date(2027, 6, 1))] == []
    # The day of the top-up counts: the year ends with nothing in the wallet.
    assert money.money_of(child_ids=child, **YEAR).wallets[valle.wallet("Anna").pk].closing == 0
