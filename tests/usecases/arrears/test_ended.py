"""A debt that ends while a family pays it by instalments: called back, written off, or closed by the office."""

from campanella.domains.adjusting.operations import Wanted
from campanella.domains.arrears.models import Plan
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases.adjusting import asking as adjusting
from campanella.usecases.arrears import asking, planning
from campanella.usecases.billing import staging
from tests.arrears import after_due
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.arrears.test_planning import FIRST, agreed, give, stands, told
from tests.usecases.billing.test_paying import invoice_of


def position(plan: Plan, place: int) -> PaymentRequest:
    made = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=place, now=clock.now())
    return PaymentRequest.objects.get(pk=made)


def test_a_plan_of_a_month_that_is_called_back_has_ended_and_asks_for_nothing(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        second = position(plan, 2)
        receive(position(plan, 1))
        run_jobs()
        staging.recall(by=OFFICE, run_id=invoice_of(owing).run_id, reason="tariffa sbagliata", now=clock.now())
        run_jobs()
    found = stands(plan, FIRST)
    assert (found.state, found.words, found.is_alive) == ("gone", "Finito: il debito è stato annullato", False)
    assert told(found.met) == [(2310, "paid"), (0, "gone")]
    assert (found.paid, found.gone, found.open) == (Euro(2310), Euro(2310), Euro(0))
    second.refresh_from_db()
    assert second.state == "cancelled"
    assert proofs.violations() == []


def test_what_the_office_writes_off_is_no_payment_of_the_family(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        second = position(plan, 2)
        give(owing, "Anna", 1000, "a")
        for child, cents in (("Anna", 1760), ("Luca", 1860)):
            wanted = Wanted(kind="goodwill", wallet_id=owing.wallet(child).pk, amount=Euro(cents), memo="disagio", key=child)
            adjusting.ask(by=OFFICE, wanted=wanted, now=clock.now())
        run_jobs()
    found = stands(plan, FIRST)
    assert (found.state, found.paid, found.open) == ("gone", Euro(1000), Euro(0))
    assert told(found.met) == [(1000, "gone"), (0, "gone")]
    second.refresh_from_db()
    assert second.state == "cancelled"


def test_a_part_that_is_given_shortens_the_last_due(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        wanted = Wanted(kind="goodwill", wallet_id=owing.wallet("Anna").pk, amount=Euro(310), memo="x", key="g")
        adjusting.ask(by=OFFICE, wanted=wanted, now=clock.now())
        assert position(plan, 2).amount_cents == 2000
    found = stands(plan, FIRST)
    assert (found.state, [one.open for one in found.met]) == ("kept", [2310, 2000])


def test_nothing_asks_for_the_dues_of_a_plan_that_the_office_has_closed(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        first = position(plan, 1)
        planning.end(by=OFFICE, plan_id=plan.pk, reason="lo chiede la famiglia", now=clock.now())
    first.refresh_from_db()
    assert first.state == "cancelled"
