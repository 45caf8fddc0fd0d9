"""What a bank has paid, no notice asks for any more: a joint notice ends with the last of its invoices."""

from datetime import date

import pytest

from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.usecases.billing import joint
from campanella.usecases.debiting import booking, filing
from tests.billing import bill, eat, noon, october
from tests.debits import DAY, asked, signed
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_joint import clean, mine
from tests.usecases.billing.test_paying import position_of

MADE = date(2026, 12, 7)


@pytest.fixture
def paper(valle: Cast) -> PaymentRequest:
    """Rossi has two months on one paper, and a mandate."""
    post_paid(valle)
    eat(valle, october(1, 2))
    bill(valle)
    eat(valle, [day.replace(month=11) for day in october(5, 6)])
    bill(valle, "2026-11")
    signed(valle.families["rossi"].guardian)
    with clock.standing_at(noon(MADE)):
        user = valle.families["rossi"].user
        return PaymentRequest.objects.get(
            pk=joint.position_for(by=user, invoice_ids=[one.id for one in mine(valle)], now=clock.now())
        )


def collect(cast: Cast, debt: int, *cents: int) -> None:
    with clock.standing_at(noon(MADE)):
        file = asked(cast, cast.families["rossi"].guardian, *cents, debt=f"invoice:{debt}")
        filing.hand_over(by=OFFICE, file_id=file.pk, now=clock.now())
    with clock.standing_at(noon(DAY)):
        assert booking.book_due(now=clock.now()) == 1
        run_jobs(300)


def test_a_bank_that_pays_one_leaves_the_paper_good_for_the_rest(valle: Cast, paper: PaymentRequest) -> None:
    first, second = mine(valle)
    collect(valle, second.id, 920, 620)
    paper.refresh_from_db()
    assert [one.state for one in mine(valle)] == ["unpaid", "paid"]
    assert (paper.state, position_of(first).state, position_of(second).state) == ("open", "open", "cancelled")
    with clock.standing_at(noon(DAY)):
        assert clean()


def test_a_bank_that_pays_all_ends_the_paper_and_their_own_notices(valle: Cast, paper: PaymentRequest) -> None:
    first, second = mine(valle)
    collect(valle, second.id, 1840, 1240)
    paper.refresh_from_db()
    assert [one.state for one in mine(valle)] == ["paid", "paid"]
    assert [paper.state, position_of(first).state, position_of(second).state] == ["cancelled"] * 3
    with clock.standing_at(noon(DAY)):
        assert clean()
