"""A month billed by many hands at once is one run, with one number for each invoice."""

from datetime import date

import pytest

from campanella.domains.billing import queries, runs
from campanella.domains.billing.models import Invoice, Issue, Line
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import naming, scope
from campanella.readings import proofs
from campanella.usecases import adjust
from campanella.usecases.billing import asking, issuing, running, staging
from tests.billing import eat, noon, october
from tests.concurrency.conftest import all_at_once
from tests.paying import receive
from tests.towns import IBAN, OFFICE, Cast, choosing, without_account
from tests.usecases.billing.conftest import post_paid

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

MONTH = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}


def test_many_officers_at_once_make_one_run(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]

    def press(_: int) -> int:
        with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
            run = running.preview(by=OFFICE, service=meal, now=clock.now(), **MONTH)
            running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
            issuing.issue(run_id=run.id)
            return run.id

    ids = all_at_once(press, 8)

    with scope(town.town.id):
        assert len(set(ids)) == 1
        assert (Invoice.objects.count(), Issue.objects.count(), Line.objects.count()) == (2, 2, 6)
        assert proofs.violations() == []


def test_a_recall_beside_the_issue_leaves_no_invoice_alive_and_no_gap(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]
    with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
        run = running.preview(by=OFFICE, service=meal, now=clock.now(), **MONTH)
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())

    def act(number: int) -> None:
        with clock.standing_at(noon(date(2026, 11, 5))), naming(town.town.id):
            if number % 2:
                issuing.issue(run_id=run.id)
            else:
                staging.recall(by=OFFICE, run_id=run.id, reason="sbagliate", now=clock.now())

    all_at_once(act, 6)

    with scope(town.town.id):
        assert runs.run(run_id=run.id).state == "recalled"
        assert queries.open_invoices() == []
        assert proofs.violations() == []


def issued(town: Cast, *, has_account: bool = True) -> queries.InvoiceView:
    """Issue October, and return the invoice of Rossi; a town without an account has no position for it yet."""
    with scope(town.town.id):
        if not has_account:
            without_account(town.town)
        post_paid(town)
        eat(town, october(1, 2))
        meal = town.services["mensa"]
    with naming(town.town.id):
        run = running.preview(by=OFFICE, service=meal, now=clock.now(), **MONTH)
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        issuing.issue(run_id=run.id)
    with scope(town.town.id):
        choosing(town.town, iban=IBAN)
        payer = town.families["rossi"].guardian.pk
        (found,) = queries.invoices_of(payer_id=payer)
    return found


@pytest.mark.parametrize("before", ["no position yet", "one of another amount"])
def test_both_parents_at_once_are_asked_for_an_invoice_by_one_position(town: Cast, before: str) -> None:
    with clock.standing_at(noon(date(2026, 11, 5))):
        invoice = issued(town, has_account=before != "no position yet")
        if before == "one of another amount":
            with scope(town.town.id):
                wallet = town.wallet("Anna").pk
            with naming(town.town.id):
                adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(500), reason="scusa", key="a", now=clock.now())

        def wants_to_pay(_: int) -> int:
            with naming(town.town.id):
                return asking.position_for(by=OFFICE, invoice_id=invoice.id, now=clock.now())

        found = all_at_once(wants_to_pay, 6)

    with scope(town.town.id):
        mine = queries.positions_of(invoice_ids=[invoice.id])[invoice.id]
        open_ones = list(PaymentRequest.objects.filter(pk__in=mine, state="open").values_list("pk", "amount_cents"))
        owed = sum(share.open.cents for share in queries.invoice(invoice_id=invoice.id).shares)
        assert open_ones == [(found[0], owed)]
        assert set(found) == {found[0]}


def test_an_invoice_that_is_being_called_back_gets_no_position(town: Cast) -> None:
    with clock.standing_at(noon(date(2026, 11, 5))):
        invoice = issued(town, has_account=False)

        def act(number: int) -> object:
            with naming(town.town.id):
                if number == 0:
                    return staging.recall(by=OFFICE, run_id=invoice.run_id, reason="sbagliate", now=clock.now())
                return asking.position_for(by=OFFICE, invoice_id=invoice.id, now=clock.now())

        all_at_once(act, 6)

    with scope(town.town.id):
        mine = queries.positions_of(invoice_ids=[invoice.id]).get(invoice.id, [])
        assert not PaymentRequest.objects.filter(pk__in=mine, state="open").exists()


def test_both_parents_pay_one_invoice_at_once_and_the_second_payment_waits_for_the_office(town: Cast) -> None:
    with clock.standing_at(noon(date(2026, 11, 5))):
        invoice = issued(town)
        with scope(town.town.id):
            (made,) = queries.positions_of(invoice_ids=[invoice.id])[invoice.id]

        def pays(number: int) -> Receipt:
            with scope(town.town.id):
                return receive(PaymentRequest.objects.get(pk=made), iur=f"parent-{number}")

        found = all_at_once(pays, 2)

    with scope(town.town.id):
        assert sorted((one.outcome, one.reason) for one in found) == [("booked", ""), ("parked", "twice")]
        assert queries.invoice(invoice_id=invoice.id).state == "paid"
        assert (town.balance("Anna"), town.balance("Luca")) == (0, 0)
        assert proofs.violations() == []
