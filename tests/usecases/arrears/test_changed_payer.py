"""Somebody else pays for a child from today on: what was asked before stays with who paid then."""

from datetime import date, timedelta

import pytest

from campanella.domains.ledger import verify
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.arrears import members
from campanella.usecases.arrears import ladder, planning, running, sending
from campanella.usecases.arrears.ladder import Step
from tests.arrears import after_due, remind, reminders_of
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.test_paying import invoice_of, position_of

COST = 588


@pytest.fixture
def aunt(owing: Cast) -> Guardian:
    """The aunt pays for Anna now, Maria Rossi still for Luca."""
    aunt = people.register_guardian(given_name="Zia", family_name="Nuova", tax_code="", email="zia@posta.example", phone="")
    people.tie(child=owing.child("Anna"), guardian=aunt, is_payer=False)
    people.make_payer(child_id=owing.child("Anna").pk, guardian_id=aunt.pk)
    return aunt


def costly(*, day: date) -> None:
    """Let the first reminder be a letter that costs something."""
    step = Step(
        place=1,
        name="Formale",
        threshold=1200,
        after_days=15,
        channel="registered",
        text="x",
        wait_days=30,
        pay_days=30,
        cost=COST,
    )
    ladder.set_ladder(by=OFFICE, first=day, steps=[step], reason="", now=clock.now())


def test_a_reminder_that_costs_something_goes_to_who_has_the_invoice(owing: Cast, aunt: Guardian) -> None:
    with clock.standing_at(after_due(1)):
        costly(day=after_due(1).date())
    now = after_due(16)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    later = now + timedelta(minutes=5)
    with clock.standing_at(later):
        sending.send(run_id=run.id)

    (rossi,) = reminders_of(owing)
    assert rossi.cost.cents == COST
    assert owing.balance("Anna") == -6 * 460 - COST
    assert verify.violations() == []
    assert proofs.violations() == []


def test_the_wallets_of_a_household_are_those_of_all_that_it_was_asked_for(owing: Cast, aunt: Guardian) -> None:
    maria, anna, luca = owing.families["rossi"].guardian.pk, owing.child("Anna").pk, owing.child("Luca").pk
    assert members.children_of(payer_ids=[maria]) == sorted([anna, luca])
    assert members.children_of(payer_ids=[aunt.pk]) == [anna]
    assert members.payers_of(child_ids=[anna]) == sorted([maria, aunt.pk])
    assert members.payers_of(child_ids=[luca]) == [maria]


def test_a_plan_is_agreed_under_the_wallets_of_what_it_pays(owing: Cast, aunt: Guardian) -> None:
    payer, now = owing.families["rossi"].guardian.pk, after_due(16)
    with clock.standing_at(now):
        plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=after_due(40).date(), months=1, note="", now=now)
    assert plan.total_cents == 6 * (460 + 310)


def test_who_has_paid_the_invoice_is_not_asked_again_by_the_reminder(owing: Cast) -> None:
    """The payer changes after the reminder has left; the invoice is paid by its own notice."""
    remind(after_due(15))
    aunt = people.register_guardian(given_name="Zia", family_name="Nuova", tax_code="", email="zia@posta.example", phone="")
    people.tie(child=owing.child("Anna"), guardian=aunt, is_payer=False)
    people.make_payer(child_id=owing.child("Anna").pk, guardian_id=aunt.pk)
    with clock.standing_at(after_due(16)):
        receive(position_of(invoice_of(owing)))
        run_jobs()

    (request_id,) = reminders_of(owing)[0].request_ids
    assert PaymentRequest.objects.get(pk=request_id).state == "cancelled"
