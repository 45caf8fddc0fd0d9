"""What the office's pages of fees and of a family's way to pay ask of the database does not grow with children or months."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.billing import fee_queries
from campanella.foundation.core import clock
from campanella.readings.office.billing import family, fees
from tests.billing import bill, eat, october
from tests.towns import Cast
from tests.usecases.billing.conftest import post_paid
from tests.usecases.billing.test_fees import monthly


@pytest.fixture
def billed(valle: Cast) -> Cast:
    post_paid(valle)
    monthly(valle)
    eat(valle, october(1, 2))
    bill(valle)
    return valle


def test_the_page_of_a_fee(billed: Cast) -> None:
    (fee,) = fee_queries.fees()
    with CaptureQueriesContext(connection) as asked:
        page = fees.page_of(fee_id=fee.id, user_id=0)
    assert (page.children, len(page.parts)) == (3, 10)
    assert len(asked) <= 20


def test_the_list_of_fees(billed: Cast) -> None:
    for number in range(3):
        monthly(billed, 100, first=date(2027, 7, 1), last=date(2027, 7, 31), name=f"Estate {number}")
    with CaptureQueriesContext(connection) as asked:
        assert len(fees.lines()) == 4
    assert len(asked) <= 6


def test_how_a_family_pays_and_what_it_brings_along(billed: Cast) -> None:
    guardian, children = billed.families["rossi"].guardian, billed.families["rossi"].children.values()
    with CaptureQueriesContext(connection) as asked:
        family.page_of(guardian_id=guardian.pk, today=clock.today())
    assert len(asked) <= 9
    with CaptureQueriesContext(connection) as asked:
        family.moved(child_ids=[child.pk for child in children], service_id=billed.services["mensa"].pk, kind="prepaid")
    assert len(asked) <= 6
