"""An invoice is paid: by its notice, by other credit, by the bank; twice; and a payment comes back."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.billing import operations as billing
from campanella.domains.billing import queries
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import PaymentRequest, PositionShare
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases import adjust
from campanella.usecases.billing import asking
from tests.billing import bill, eat, october
from tests.paying import receive
from tests.towns import OFFICE, Cast


def invoice_of(cast: Cast, family: str = "rossi", period: date | None = None) -> queries.InvoiceView:
    payer = cast.families[family].guardian.pk
    return next(one for one in queries.invoices_between(period=period) if one.payer_id == payer)


def position_of(invoice: queries.InvoiceView) -> PaymentRequest:
    (pk,) = queries.positions_of(invoice_ids=[invoice.id])[invoice.id]
    return PaymentRequest.objects.get(pk=pk)


@pytest.fixture
def october_billed(billed: Cast) -> Cast:
    """Rossi owes 9.20 for Anna and 6.20 for Luca, Haddad 9.20."""
    eat(billed, october(1, 2))
    bill(billed)
    return billed


def test_one_notice_pays_the_wallets_of_all_children(october_billed: Cast) -> None:
    invoice = invoice_of(october_billed)
    position = position_of(invoice)
    assert (position.amount_cents, position.is_notice) == (1540, False)
    assert sorted(PositionShare.objects.values_list("cents", flat=True)) == [620, 920]
    assert position.asked_by == invoice.due_on < position.due_on
    assert "Anna" not in position.description
    assert position.description == "Refezione, ottobre 2026, fattura FT/2026/1"

    receive(position)

    assert invoice_of(october_billed).state == "paid"
    assert (october_billed.balance("Anna"), october_billed.balance("Luca")) == (0, 0)
    assert verify.violations() == []
    assert proofs.violations() == []


def test_an_invoice_paid_by_both_parents_keeps_the_second_payment_before_the_office(october_billed: Cast) -> None:
    position = position_of(invoice_of(october_billed))
    receive(position)

    second = receive(position, iur="iur-2")

    assert (second.outcome, second.reason) == ("parked", "twice")
    assert october_billed.balance("Anna") == 0


def test_an_overdue_invoice_is_still_paid(october_billed: Cast) -> None:
    invoice = invoice_of(october_billed)
    with clock.standing_at(clock.rome(date(2027, 2, 1), clock.now().timetz().replace(tzinfo=None))):
        assert receive(position_of(invoice)).outcome == "booked"
    assert invoice_of(october_billed).state == "paid"


def test_other_credit_pays_a_part_and_the_notice_asks_for_the_rest(october_billed: Cast) -> None:
    invoice = invoice_of(october_billed)
    first = position_of(invoice)
    adjust.adjust(
        by=OFFICE,
        wallet_id=october_billed.wallet("Anna").pk,
        amount=Euro(500),
        reason="pasto freddo",
        key="a",
        now=clock.now(),
    )
    assert (invoice_of(october_billed).state, invoice_of(october_billed).open) == ("partial", Euro(1040))

    request = asking.position_for(by=OFFICE, invoice_id=invoice.id, now=clock.now())

    first.refresh_from_db()
    assert first.state == "cancelled"
    assert PaymentRequest.objects.get(pk=request).amount_cents == 1040
    assert asking.position_for(by=OFFICE, invoice_id=invoice.id, now=clock.now()) == request


def test_a_payment_that_is_booked_beside_it_leaves_nothing_to_ask_for(
    october_billed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the tap and the answer the receipt of the invoice's own notice is booked."""
    invoice = invoice_of(october_billed)
    position, really = position_of(invoice), queries.positions_of

    def positions_of(**asked: Any) -> dict[int, list[int]]:
        monkeypatch.undo()
        receive(position)
        return really(**asked)

    monkeypatch.setattr(queries, "positions_of", positions_of)
    with pytest.raises(asking.NothingOpen):
        asking.position_for(by=OFFICE, invoice_id=invoice.id, now=clock.now())


def test_what_is_paid_for_an_invoice_called_back_is_credit_that_the_next_consumes(october_billed: Cast) -> None:
    from campanella.usecases.billing import staging

    invoice = invoice_of(october_billed, "haddad")
    receive(position_of(invoice))
    staging.recall(by=OFFICE, run_id=invoice.run_id, reason="tariffa sbagliata", now=clock.now())

    bill(october_billed)

    again = queries.invoices_between(period=None)[-1]
    assert (again.total, again.state, again.shares[0].carried) == (Euro(0), "paid", Euro(920))
    assert proofs.violations() == []


@pytest.mark.parametrize(("gone", "open_cents"), [(0, 0), (500, 500), (920, 920)])
def test_what_comes_back_opens_an_invoice_as_far_as_no_other_money_of_the_family_pays_it(
    october_billed: Cast, gone: int, open_cents: int
) -> None:
    """Paid twice, then one payment goes back: it stays paid, unless what was over has left the wallet in between."""
    invoice = invoice_of(october_billed, "haddad")
    receive(position_of(invoice))

    def move(cents: int, key: str) -> str:
        wallet = october_billed.wallet("Amina").pk
        adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(cents), reason="prova", key=key, now=clock.now())
        return Entry.objects.latest("pk").source

    move(920, "second payment")
    if gone:
        move(-gone, "elsewhere")
    billing.note_payment(invoice_id=invoice.id, source=move(-920, "back"), now=clock.now())

    again = invoice_of(october_billed, "haddad")
    assert again.open == Euro(open_cents)
    assert october_billed.balance("Amina") == -open_cents
    assert proofs.violations() == []
