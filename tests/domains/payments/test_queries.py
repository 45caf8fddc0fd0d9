"""What families and office are told about positions and receipts."""

from typing import Any

import pytest

from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.payments.queries import Position
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from tests.browsing import at_most
from tests.domains.payments.test_operations import make, open_cart
from tests.towns import OFFICE, Cast


def told(request: PaymentRequest) -> Position:
    return queries.position(request_id=request.pk, now=clock.now(), today=clock.today())


def receipt_of(request: PaymentRequest, *, iur: str, outcome: str, reason: str = "") -> Receipt:
    return Receipt.objects.create(
        receipt_id=iur,
        message_id=1,
        notice_number=request.notice_number,
        amount_cents=request.amount_cents,
        kept_at=clock.now(),
        psp_name="Banca",
        request=request,
        outcome=outcome,
        reason=reason,
    )


def test_a_position_tells_how_it_stands(valle: Cast, at: Any) -> None:
    request = make(valle, 2000)[0]
    assert (told(request).status, told(request).may_be_paid) == ("open", True)

    cart = open_cart(request)
    assert (told(request).status, told(request).may_be_paid) == ("under_way", False)
    payments.close_cart(token=cart.token, outcome="failed")
    assert told(request).status == "open"

    at("2026-11-14 00:01")
    assert (told(request).status, told(request).may_be_paid) == ("expired", False)
    payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())
    assert told(request).status == "cancelled"


def test_a_visit_tells_until_when_one_waits(valle: Cast, at: Any) -> None:
    request = make(valle, 2000)[0]
    cart = open_cart(request)
    visit = told(request).visit

    assert visit is not None
    assert visit.token == cart.token
    assert (visit.free_at - visit.opened_at).total_seconds() == 30 * 60
    at("09:17")
    assert told(request).visit is None
    assert told(request).status == "open"


def test_money_that_waits_for_the_office_keeps_a_position_from_being_offered_again(valle: Cast) -> None:
    request = make(valle, 2000)[0]
    receipt = receipt_of(request, iur="a", outcome="parked", reason="amount")

    assert [view.receipt_id for view in told(request).parked] == ["a"]
    assert not told(request).may_be_paid
    receiving.note_resolved(by=OFFICE, receipt=receipt, child_id=request.child_id, why="fatto", now=clock.now())
    assert told(request).parked == []
    assert told(request).may_be_paid


def test_a_paid_position_has_its_receipt_and_the_one_too_many(valle: Cast) -> None:
    request = make(valle, 2000)[0]
    receiving.note_booked(by=OFFICE, receipt=receipt_of(request, iur="a", outcome=""), request=request, now=clock.now())
    receipt_of(request, iur="b", outcome="parked", reason="twice")

    found = told(request)
    assert found.status == "paid"
    assert found.receipt is not None
    assert found.receipt.receipt_id == "a"
    assert [view.receipt_id for view in found.parked] == ["b"]


def test_lists_cost_the_same_however_long(valle: Cast) -> None:
    child, now, today = valle.child("Anna").pk, clock.now(), clock.today()
    for request in make(valle, *[2000] * 30):
        open_cart(request)

    with at_most(3):
        assert len(queries.positions_of(child_ids=[child], now=now, today=today)) == 30
    with at_most(3):
        assert len(queries.unsettled_of(child_ids=[child], now=now, today=today)) == 30
    with at_most(4):
        assert queries.count_paid(child_ids=[child]) == 0
        assert queries.paid_of(child_ids=[child], skip=0, limit=10, now=now, today=today) == []


def test_the_last_visit_is_of_the_same_person_and_the_same_positions(valle: Cast) -> None:
    one, other = make(valle, 2000, 3000)
    cart, since = open_cart(one, other), clock.now()

    def visit(ids: list[int], user_id: int = 7) -> Any:
        return queries.last_visit(request_ids=ids, user_id=user_id, since=since)

    assert visit([one.pk, other.pk]) == cart
    assert visit([one.pk]) is None
    assert visit([one.pk, other.pk], user_id=8) is None


def test_a_visit_is_found_by_its_token_and_its_person(valle: Cast) -> None:
    cart = open_cart(make(valle, 2000)[0])

    assert queries.cart(token=cart.token, user_id=7) == cart
    with pytest.raises(NotFound):
        queries.cart(token=cart.token, user_id=8)
    with pytest.raises(NotFound):
        queries.position(request_id=10**9, now=clock.now(), today=clock.today())
