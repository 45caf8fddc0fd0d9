"""Money that fits no notice: what the office does with it, once, and what that leaves."""

import pytest

from campanella.domains.billing.models import InvoicePayment
from campanella.domains.messaging.models import Message
from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.models import AuditRow
from campanella.readings import proofs
from campanella.usecases.pagopa import parked, visit
from tests.billing import bill, eat, october
from tests.paying import prepare, ready, receive, wish
from tests.towns import Cast, Family, run_jobs
from tests.usecases.billing.conftest import billed
from tests.usecases.billing.test_paying import invoice_of, position_of

__all__ = ["billed", "ready"]


def waiting(cast: Cast, family: Family, *, cents: int = 1900) -> tuple[PaymentRequest, Receipt]:
    (request,) = prepare(cast, family, wish(cast))
    return request, receive(request, cents=cents)


def resolve(cast: Cast, receipt: Receipt, child: str = "Anna") -> None:
    office, wallet_id = cast.staff["office"], cast.wallet(child).pk
    parked.resolve(by=office, receipt_pk=receipt.pk, wallet_id=wallet_id, why="lo dice la banca", now=clock.now())


def thanked() -> list[str]:
    """Run what follows, and return who was thanked."""
    run_jobs()
    return list(Message.objects.filter(template="top_up_booked").values_list("address", flat=True))


def test_money_placed_by_the_office_pays_its_notice_and_is_registered(valle: Cast, ready: Family) -> None:
    request, receipt = waiting(valle, ready)
    run_jobs()

    resolve(valle, receipt)

    request.refresh_from_db()
    receipt.refresh_from_db()
    assert (valle.balance("Anna"), request.state, request.settled_at) == (1900, "paid", clock.now())
    assert (receipt.outcome, receipt.resolved_at) == ("parked", clock.now())
    row = AuditRow.objects.get(action="receipt.resolved")
    assert (row.actor_id, row.why, row.at) == (valle.staff["office"].pk, "lo dice la banca", clock.now())
    assert row.subjects == [f"receipt:{receipt.pk}", f"child:{valle.child('Anna').pk}"]
    assert thanked() == ["rossi@posta.example"]


def test_money_placed_elsewhere_pays_the_notice_too_and_thanks_nobody(valle: Cast, ready: Family) -> None:
    request, receipt = waiting(valle, ready)
    run_jobs()
    resolve(valle, receipt, "Luca")
    request.refresh_from_db()
    assert (valle.balance("Anna"), valle.balance("Luca"), request.state) == (0, 1900, "paid")
    assert thanked() == []


def test_a_deleted_notice_stays_deleted_when_its_money_is_placed(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    visit.delete(by=ready.user, request_id=request.pk, now=clock.now())
    resolve(valle, receive(request))
    request.refresh_from_db()
    assert (request.state, valle.balance("Anna")) == ("cancelled", 2000)


def test_money_of_no_notice_can_be_placed(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    request.notice_number = "301202600000000103"
    resolve(valle, receive(request))
    assert valle.balance("Anna") == 2000


@pytest.mark.parametrize(("others", "fits"), [(1900, False), (2000, False), (1899, True)])
def test_only_the_town_s_share_is_placed_and_where_there_is_none_nothing(
    valle: Cast, ready: Family, others: int, fits: bool
) -> None:
    _, receipt = waiting(valle, ready)
    Receipt.objects.filter(pk=receipt.pk).update(others_cents=others)
    if fits:
        resolve(valle, receipt)
        assert valle.balance("Anna") == 1
        return
    with pytest.raises(parked.NothingToCredit):
        resolve(valle, receipt)
    assert valle.balance("Anna") == 0


def test_a_receipt_is_closed_once_and_credits_nothing(valle: Cast, ready: Family) -> None:
    request, receipt = waiting(valle, ready)
    office = valle.staff["office"]
    parked.close(by=office, receipt_pk=receipt.pk, why="restituito", now=clock.now())
    row = AuditRow.objects.get(action="receipt.closed")
    assert (row.actor_id, row.why, row.at) == (office.pk, "restituito", clock.now())
    for act in (
        lambda: parked.close(by=office, receipt_pk=receipt.pk, why="x", now=clock.now()),
        lambda: resolve(valle, receipt),
    ):
        with pytest.raises(payments.NotOpen, match=r"^Questa ricevuta è già stata sistemata\.$"):
            act()
    assert (valle.balance("Anna"), PaymentRequest.objects.get(pk=request.pk).state) == (0, "open")


@pytest.mark.parametrize(
    ("cents", "child", "given", "is_named"),
    [
        (1540, "Anna", {"Anna": 920, "Luca": 620, "Amina": 0}, True),
        (1540, "Luca", {"Anna": 920, "Luca": 620, "Amina": 0}, True),
        (1000, "Luca", {"Anna": 920, "Luca": 80, "Amina": 0}, True),
        (2000, "Luca", {"Anna": 920, "Luca": 1080, "Amina": 0}, True),
        (1540, "Amina", {"Anna": 0, "Luca": 0, "Amina": 1540}, False),
    ],
)
def test_money_of_an_invoice_pays_all_its_children_or_is_no_payment_of_it(
    billed: Cast, cents: int, child: str, given: dict[str, int], is_named: bool
) -> None:
    """9.20 for Anna, 6.20 for Luca, deleted before the money came; the office puts it into one wallet."""
    eat(billed, october(1, 2))
    bill(billed)
    invoice = invoice_of(billed)
    position = position_of(invoice)
    payments.cancel_position(by=billed.staff["office"], request_id=position.pk, now=clock.now())
    before = {name: billed.balance(name) for name in given}

    resolve(billed, receive(position, cents=cents), child)

    assert {name: billed.balance(name) - before[name] for name in given} == given
    assert InvoicePayment.objects.filter(invoice_id=invoice.id).exists() is is_named
    assert invoice_of(billed).paid.cents == (min(cents, 1540) if is_named else 0)
    assert proofs.violations() == []
