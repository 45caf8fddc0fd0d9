"""What a joint notice has paid of each of its invoices: on their pages, in letters, before the office; to the cent."""

import pytest

from campanella.domains.billing import overpaid, queries
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.billing.papers import made_for
from campanella.readings.billing.payments import paid_together, payments_of
from campanella.usecases.billing import joint, staging
from campanella.usecases.pagopa import parked
from tests.billing import bill, eat, october
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.test_joint import ask, clean, credit, mine
from tests.usecases.billing.test_joint import two_months as two_months
from tests.usecases.billing.test_paying import position_of

CREDIT, OWN, TOGETHER = "con il credito del borsellino", "pagoPA, Banca", "pagoPA, Banca, avviso unico"


def told(cast: Cast) -> list[list[tuple[str, int]]]:
    """Return of each invoice of Rossi, the oldest first, how it was paid."""
    return [
        [
            (payment.how, payment.amount.cents)
            for payment in payments_of(
                invoice=one, made=made_for(invoice_id=one.id), bank=None, together=paid_together(invoice=one)
            )
        ]
        for one in mine(cast)
    ]


def over(cast: Cast) -> list[int]:
    return [overpaid.of_invoice(invoice_id=one.id).cents for one in mine(cast)]


def test_a_credit_that_came_meanwhile_is_told_apart(two_months: Cast) -> None:
    position = ask(two_months)
    credit(two_months, 500)
    receive(position, cents=2580)
    assert told(two_months) == [[(TOGETHER, 1040), (CREDIT, 500)], [(TOGETHER, 1540)]]
    assert clean()


def test_a_payment_in_part_is_told_as_much_as_it_was(two_months: Cast) -> None:
    receive(ask(two_months), cents=2000)
    assert told(two_months) == [[(TOGETHER, 1080)], [(TOGETHER, 920)]]
    assert [one.open.cents for one in mine(two_months)] == [460, 620]
    assert clean()


def test_what_is_too_much_is_put_before_the_office_with_each_invoice(two_months: Cast) -> None:
    position = ask(two_months)
    for place, one in enumerate(mine(two_months)):
        receive(position_of(one), iur=f"own-{place}")
    receive(position, iur="joint")
    assert over(two_months) == [1540, 1540]
    assert told(two_months) == [[(OWN, 1540), (TOGETHER, 1540)]] * 2
    assert two_months.balance("Anna") + two_months.balance("Luca") == 3080
    assert clean()


def test_paid_twice_the_second_is_placed_by_the_office_with_each_invoice(two_months: Cast) -> None:
    position = ask(two_months)
    receive(position)
    again = receive(position, iur="again")
    assert (again.outcome, again.reason) == ("parked", "twice")
    wallet = two_months.wallet("Luca").pk
    parked.resolve(by=two_months.staff["office"], receipt_pk=again.pk, wallet_id=wallet, why="credito", now=clock.now())
    assert over(two_months) == [1540, 1540]
    assert overpaid.waiting() == []
    assert clean()


def test_one_that_is_called_back_later_says_what_was_paid_of_it(two_months: Cast) -> None:
    receive(ask(two_months))
    november = mine(two_months)[1]
    staging.recall(by=OFFICE, run_id=november.run_id, reason="tariffa sbagliata", now=clock.now())
    run_jobs(300)
    assert queries.money_of(invoice_ids=[november.id]) == {november.id: Euro(1540)}
    letter = Message.objects.get(template="invoice_recalled", key=f"invoice_recalled:{november.id}")
    assert "I 15,40 € che hai pagato non sono persi" in letter.text.replace("\xa0", " ")
    assert "L’avviso unico" not in letter.text


def test_one_that_is_called_back_before_tells_that_the_paper_is_worth_nothing(two_months: Cast) -> None:
    position = ask(two_months)
    october_id, november = mine(two_months)[0].id, mine(two_months)[1]
    staging.recall(by=OFFICE, run_id=november.run_id, reason="tariffa sbagliata", now=clock.now())
    run_jobs(300)
    letter = Message.objects.get(key=f"invoice_recalled:{november.id}").text
    assert "L’avviso unico che la comprendeva non vale più" in letter
    assert f"/pagamenti/avvisi/{position.pk}/" in letter
    others = Message.objects.filter(template="invoice_recalled").exclude(key=f"invoice_recalled:{november.id}")
    assert "L’avviso unico" not in others.get().text

    late = receive(position)
    wallet = two_months.wallet("Luca").pk
    parked.resolve(by=two_months.staff["office"], receipt_pk=late.pk, wallet_id=wallet, why="pagato", now=clock.now())
    assert queries.invoice(invoice_id=october_id).state == "paid"
    assert (queries.money_of(invoice_ids=[november.id]), over(two_months)) == ({november.id: Euro(1540)}, [0, 1540])
    assert clean()


def test_the_money_goes_to_the_invoices_of_the_paper_and_an_older_one_stays_open(two_months: Cast) -> None:
    eat(two_months, [day.replace(month=12) for day in october(1, 2)])
    bill(two_months, "2026-12")
    receive(ask(two_months, 1, 2))
    assert [one.state for one in mine(two_months)] == ["unpaid", "paid", "paid"]
    assert told(two_months)[0] == []
    assert clean()


def test_what_the_other_parent_is_to_pay_is_named(two_months: Cast) -> None:
    own, theirs = [one.id for one in mine(two_months)], mine(two_months, "haddad")
    haddad = two_months.families["haddad"]
    child, rossi = haddad.children["Amina"], two_months.families["rossi"]
    people.tie(guardian=rossi.guardian, child=child, is_payer=False)
    with pytest.raises(joint.AskedOfAnother, match=theirs[0].number):
        joint.position_for(by=rossi.user, invoice_ids=[own[0], theirs[0].id], now=clock.now())
    with pytest.raises(joint.AskedOfAnother, match=f"{theirs[0].number} e {theirs[1].number} non sono intestate a te"):
        joint.position_for(by=rossi.user, invoice_ids=[*own, *(one.id for one in theirs)], now=clock.now())
