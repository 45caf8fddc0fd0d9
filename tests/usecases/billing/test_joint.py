"""One paper notice for several invoices: made, found again, paid, paid otherwise meanwhile, called back."""

from datetime import datetime

import pytest

from campanella.domains.billing import joint as joint_notices
from campanella.domains.billing import overpaid, queries
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import PaymentRequest, PositionShare
from campanella.domains.payments.operations import PaymentUnderWay
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases import adjust
from campanella.usecases.billing import asking, joint, staging
from tests.billing import bill, eat, october
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.test_paying import position_of


@pytest.fixture
def two_months(billed: Cast) -> Cast:
    """Rossi owes 15.40 of October and as much of November, for two children; Haddad 9.20 and 9.20."""
    eat(billed, october(1, 2))
    bill(billed)
    eat(billed, [day.replace(month=11) for day in october(5, 6)])
    bill(billed, "2026-11")
    return billed


def mine(cast: Cast, family: str = "rossi") -> list[queries.InvoiceView]:
    """Return the invoices of a family, the oldest first."""
    payer = cast.families[family].guardian.pk
    return [one for one in queries.invoices_between(period=None) if one.payer_id == payer]


def ask(cast: Cast, *places: int, family: str = "rossi", now: datetime | None = None) -> PaymentRequest:
    """Ask for invoices together; without places for all."""
    found = mine(cast, family)
    chosen = [found[place].id for place in places] if places else [one.id for one in found]
    user = cast.families[family].user
    pk = joint.position_for(by=user, invoice_ids=chosen, now=now or clock.now())
    return PaymentRequest.objects.get(pk=pk)


def credit(cast: Cast, cents: int, child: str = "Anna") -> None:
    wallet = cast.wallet(child).pk
    adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(cents), reason="x", key=f"{child}{cents}", now=clock.now())


def clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def test_one_position_asks_for_all_children_and_months_and_pays_each(two_months: Cast) -> None:
    october, november = mine(two_months)
    position = ask(two_months)

    assert position.amount_cents == 3080
    assert sorted(PositionShare.objects.filter(request=position).values_list("cents", flat=True)) == [1240, 1840]
    assert position.asked_by == october.due_on < november.due_on
    assert position.description == "Servizi scolastici, avviso unico di 2 fatture"
    assert [(one.invoice_id, one.amount) for one in joint_notices.parts_of(request_id=position.pk)] == [
        (october.id, Euro(1540)),
        (november.id, Euro(1540)),
    ]
    assert [position_of(one).state for one in (october, november)] == ["open", "open"]
    assert ask(two_months) == position

    receive(position)
    run_jobs(300)

    assert [one.state for one in mine(two_months)] == ["paid", "paid"]
    assert [position_of(one).state for one in (october, november)] == ["cancelled", "cancelled"]
    assert two_months.balance("Anna") == two_months.balance("Luca") == 0
    told = Message.objects.get(template="joint_paid")
    assert "FT/2026/1, Refezione, ottobre 2026: pagata" in told.text
    assert "non resta niente da pagare" in told.text
    assert "Anna" not in told.subject + told.text
    assert not Message.objects.filter(template__startswith="top_up").exists()
    assert clean()


def test_paid_in_part_meanwhile_it_asks_for_the_rest_and_the_next_one_is_of_that_sum(two_months: Cast) -> None:
    first = ask(two_months)
    receive(position_of(mine(two_months)[0]), iur="own")
    run_jobs(300)
    first.refresh_from_db()
    assert first.state == "open"
    with pytest.raises(joint.NotToPay):
        ask(two_months)

    credit(two_months, 500)
    receive(first, cents=1040)

    assert [one.state for one in mine(two_months)] == ["paid", "paid"]
    assert overpaid.waiting() == []
    assert clean()


def test_another_sum_makes_a_new_one_and_deletes_the_old(two_months: Cast) -> None:
    first = ask(two_months)
    credit(two_months, 500)

    second = ask(two_months)

    first.refresh_from_db()
    assert (first.state, second.amount_cents, second.state) == ("cancelled", 2580, "open")
    assert clean()


def test_other_invoices_make_a_new_one_and_delete_the_old(two_months: Cast) -> None:
    first = ask(two_months)
    eat(two_months, [day.replace(month=12) for day in october(1, 2)])
    bill(two_months, "2026-12")
    assert len(mine(two_months)) == 3

    both = ask(two_months, 0, 1)
    assert both == first
    all_three = ask(two_months)

    first.refresh_from_db()
    assert (first.state, all_three.amount_cents) == ("cancelled", 3080 + mine(two_months)[2].total.cents)


def test_while_somebody_pays_it_none_of_another_sum_is_made(two_months: Cast) -> None:
    first = ask(two_months)
    user = two_months.families["rossi"].user
    payments.open_cart(user_id=user.pk, email="", requests=[first], now=clock.now())
    credit(two_months, 500)

    with pytest.raises(PaymentUnderWay):
        ask(two_months)

    first.refresh_from_db()
    assert first.state == "open"


def test_one_called_back_ends_it(two_months: Cast) -> None:
    position = ask(two_months)
    staging.recall(by=OFFICE, run_id=mine(two_months)[1].run_id, reason="tariffa sbagliata", now=clock.now())

    position.refresh_from_db()
    assert position.state == "cancelled"
    with pytest.raises(joint.NotToPay):
        ask(two_months)
    assert receive(position).outcome == "parked"
    assert clean()


def test_all_paid_otherwise_ends_it_and_nothing_is_paid_twice_unawares(two_months: Cast) -> None:
    position = ask(two_months)
    for place, one in enumerate(mine(two_months)):
        receive(position_of(one), iur=f"own-{place}")
    assert position.state == "open"
    run_jobs(300)

    position.refresh_from_db()
    assert position.state == "cancelled"
    assert receive(position).reason == "cancelled"


def test_paid_both_ways_at_once_the_second_is_kept_and_told_as_overpaid(two_months: Cast) -> None:
    october, _ = mine(two_months)
    position = ask(two_months)
    receive(position_of(october), iur="own")

    assert receive(position, iur="joint").outcome == "booked"

    assert [(one.invoice_id, one.amount) for one in overpaid.waiting()] == [(october.id, Euro(1540))]
    assert [one.state for one in mine(two_months)] == ["paid", "paid"]
    assert two_months.balance("Anna") + two_months.balance("Luca") == 1540
    run_jobs(300)
    assert "15,40 € in più" in Message.objects.get(template="joint_paid").text.replace("\xa0", " ")
    assert clean()


def test_an_own_notice_is_made_beside_it_for_who_pays_one_alone(two_months: Cast) -> None:
    october, _ = mine(two_months)
    position = ask(two_months)
    assert asking.position_for(by=OFFICE, invoice_id=october.id, now=clock.now()) == position_of(october).pk
    position.refresh_from_db()
    assert position.state == "open"


def test_nobody_asks_for_what_another_is_to_pay(two_months: Cast) -> None:
    theirs = [one.id for one in mine(two_months, "haddad")]
    own = [one.id for one in mine(two_months)]
    user, before = two_months.families["rossi"].user, PaymentRequest.objects.count()
    for chosen in (theirs, [own[0], theirs[0]], [own[0], 10**15], [*own, -1]):
        with pytest.raises(NotFound):
            joint.position_for(by=user, invoice_ids=chosen, now=clock.now())
    for few in ([], [own[0]], [own[0], own[0]]):
        with pytest.raises(joint.TooFew):
            joint.position_for(by=user, invoice_ids=few, now=clock.now())
    with pytest.raises(joint.TooMany):
        joint.position_for(by=user, invoice_ids=range(21), now=clock.now())
    assert PaymentRequest.objects.count() == before
