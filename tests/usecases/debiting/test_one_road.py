"""One debt, one road: the bank or a notice, never both, and neither where nobody is to be asked."""

from datetime import date

import pytest
from django.core import mail

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import ending, queries
from campanella.domains.debiting.models import Collection
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_full
from campanella.readings import proofs
from campanella.readings.arrears.households import households
from campanella.readings.billing.papers import sheet
from campanella.usecases.billing import issuing, running, staging
from campanella.usecases.debiting import authorising, filing
from tests.billing import bill, eat, noon, october
from tests.debits import OTHER, holder
from tests.paying import receive
from tests.towns import OFFICE, run_jobs
from tests.usecases.billing.conftest import post_paid
from tests.usecases.debiting.conftest import ASKED, PERIOD, asked, booked, invoice, letters

DAY = date(2026, 12, 7)
TOTAL = 3 * (460 + 310)
NOVEMBER = date(2026, 11, 1)


def clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def payer(cast) -> Guardian:
    return cast.families["rossi"].guardian


def notices(cast) -> list[tuple[str, int]]:
    return list(PaymentRequest.objects.filter(payer=payer(cast)).order_by("id").values_list("state", "amount_cents"))


def pressed(on: date, period: date = PERIOD) -> dict[int, str]:
    """Press the file of a month, and give by payer why an invoice is left out."""
    with clock.standing_at(noon(on)):
        _file, plan = filing.make(by=OFFICE, period=period, now=clock.now())
        run_jobs(500)
    return {one.invoice.payer_id: one.why for one in plan.left_out}


def suspended_and_resumed(cast) -> None:
    """Suspend the mandate, let the file ask by notice, and take it up again."""
    with clock.standing_at(noon(date(2026, 11, 10))):
        mandate = queries.mandates_of(payer_ids=[payer(cast).pk])[payer(cast).pk]
        ending.suspend(by=OFFICE, mandate_ids=[mandate.id], why="prova", now=clock.now())
    assert pressed(date(2026, 11, 12))[payer(cast).pk] == "suspended"
    with clock.standing_at(noon(date(2026, 11, 13))):
        authorising.resume(by=cast.families["rossi"].user, now=clock.now())


def test_what_a_notice_asks_for_the_bank_is_not_asked_as_well(debited) -> None:
    before = debited.balance("Anna"), debited.balance("Luca")
    suspended_and_resumed(debited)
    assert notices(debited) == [("open", TOTAL)]
    assert pressed(ASKED)[payer(debited).pk] == "noticed"
    with clock.standing_at(noon(date(2026, 11, 25))):
        receive(PaymentRequest.objects.get(payer=payer(debited)))
    assert (booked(DAY), Collection.objects.count(), invoice().state) == (0, 0, "paid")
    assert (debited.balance("Anna"), debited.balance("Luca")) == (before[0] + 1380, before[1] + 930)
    assert clean()


def test_a_notice_that_nobody_can_pay_any_more_leaves_the_bank(debited) -> None:
    suspended_and_resumed(debited)
    with clock.standing_at(noon(date(2026, 11, 14))):
        payments.cancel_position(by=OFFICE, request_id=PaymentRequest.objects.get(payer=payer(debited)).pk, now=clock.now())
    assert asked().cents == TOTAL


def test_a_notice_that_was_deleted_does_not_keep_the_letter_from_bringing_one(debited, bank) -> None:
    suspended_and_resumed(debited)
    with clock.standing_at(noon(date(2026, 11, 14))):
        payments.cancel_position(by=OFFICE, request_id=PaymentRequest.objects.get(payer=payer(debited)).pk, now=clock.now())
    one = asked()
    booked(DAY)
    mail.outbox.clear()
    bank.hear((one.end_to_end_id, "MS02", TOTAL), form="return", on=date(2026, 12, 10))
    assert [state for state, _ in notices(debited)] == ["cancelled", "open"]
    assert "avviso allegato" in letters()[-1][1]
    brought = [sent for sent in mail.outbox if sent.to == [payer(debited).email]][-1]
    assert [name.partition("-")[0] for name, *_ in brought.attachments] == ["fattura", "avviso"]


def test_where_the_holder_has_died_no_road_is_taken(debited, bank) -> None:
    eat(debited, [date(2026, 11, 3)])
    one = asked()
    booked(DAY)
    bill(debited, "2026-11")
    bank.hear((one.end_to_end_id, "MD07", TOTAL), form="return", on=date(2026, 12, 10))
    mine = Message.objects.filter(guardian=payer(debited))
    before = mine.count()
    assert pressed(date(2026, 12, 20), NOVEMBER)[payer(debited).pk] == "silence"
    assert (notices(debited), mine.count()) == ([], before)
    now = noon(date(2027, 2, 20))
    with clock.standing_at(now):
        found = {one.payer_id: {left.why for left in one.left} for one in households(payer_ids=None, now=now)}
    assert found[payer(debited).pk] == {"stop"}


def test_a_fault_of_the_file_is_no_debt_of_the_family(debited, bank) -> None:
    one = asked()
    bank.hear((one.end_to_end_id, "FF01", TOTAL), on=date(2026, 11, 23))
    assert pressed(date(2026, 11, 24))[payer(debited).pk] == "office"
    assert notices(debited) == []


def test_who_has_no_address_is_told_nothing_and_debited_nothing(debited) -> None:
    Message.objects.filter(guardian=payer(debited)).delete()
    Guardian.objects.filter(pk=payer(debited).pk).update(email="")
    assert pressed(ASKED)[payer(debited).pk] == "no_letter"
    assert (Collection.objects.count(), notices(debited)) == (0, [("open", TOTAL)])


@pytest.mark.parametrize(
    ("became", "why"),
    [
        ({"sent_at": None}, "not_told"),
        ({"sent_at": None, "failed_at": noon(date(2026, 11, 6))}, "no_letter"),
        ({"sent_at": noon(date(2026, 11, 23))}, None),
        ({"sent_at": noon(date(2026, 11, 24))}, "not_told"),
    ],
)
def test_the_notice_to_the_family_begins_when_its_letter_has_left(debited, became, why) -> None:
    Message.objects.filter(key=invoice().letter).update(**became)
    assert pressed(date(2026, 11, 25)).get(payer(debited).pk) == why
    assert Collection.objects.count() == (why is None)


def test_what_was_called_back_under_the_bank_is_told_as_it_is(debited, bank) -> None:
    one = asked()
    with clock.standing_at(noon(date(2026, 12, 2))):
        staging.recall(by=OFFICE, run_id=invoice().run_id, reason="mese sbagliato", now=clock.now())
        run_jobs(500)
    told = Message.objects.get(template="invoice_recalled", guardian=payer(debited)).text
    assert "può ancora arrivare sul conto: la somma resta nel credito" in told
    booked(DAY)
    bank.hear((one.end_to_end_id, "MS02", TOTAL), form="return", on=date(2026, 12, 10))
    text = letters()[-1][1]
    assert "non è più da pagare" in text
    assert "pagoPA" not in text
    assert clean()


def test_who_was_never_asked_for_reads_nothing_of_a_bank_when_it_is_called_back(debited) -> None:
    with clock.standing_at(noon(date(2026, 11, 10))):
        staging.recall(by=OFFICE, run_id=invoice().run_id, reason="mese sbagliato", now=clock.now())
        run_jobs(500)
    assert "banca" not in Message.objects.get(template="invoice_recalled", guardian=payer(debited)).text


def paper() -> str:
    return sheet(invoice=invoice()).how


def test_an_invoice_never_says_that_a_bank_pays_it_which_nobody_asks(debited) -> None:
    """Revoked on 14 November: the letter said that what comes is paid by pagoPA, and so does November's invoice."""
    eat(debited, [date(2026, 11, 3)])
    with clock.standing_at(noon(date(2026, 11, 14))):
        mandate = authorising.mandate_of(payer=payer(debited))
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
    bill(debited, "2026-11")
    run_jobs(500)
    mine = next(one for one in billing.invoices_between(period=NOVEMBER) if one.payer_id == payer(debited).pk)
    assert mine.method == "notice"
    told = Message.objects.get(key=mine.letter).text
    assert ("è addebitato" in told, "avviso pagoPA" in told) == (False, True)
    assert sheet(invoice=mine).how.startswith("Con pagoPA")
    assert notices(debited) == [("open", mine.open.cents)]
    # October's is in nobody's file yet: its paper no longer names the bank.
    assert paper().startswith("Con pagoPA")


def test_a_mandate_that_ends_between_preview_and_issue_leaves_something_to_pay(debited) -> None:
    eat(debited, [date(2026, 11, 3)])
    with clock.standing_at(noon(date(2026, 12, 3))):
        meal = debited.services["mensa"]
        run = running.preview(by=OFFICE, service=meal, first=NOVEMBER, last=date(2026, 11, 30), now=clock.now())
        running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        mandate = authorising.mandate_of(payer=payer(debited))
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())
        issuing.issue(run_id=run.id)
        run_jobs(500)
    mine = next(one for one in billing.invoices_between(period=NOVEMBER) if one.payer_id == payer(debited).pk)
    assert (mine.method, notices(debited)) == ("debit", [("open", mine.open.cents)])
    assert "è addebitato" not in Message.objects.get(key=mine.letter).text


def test_while_the_bank_is_asked_the_paper_says_so(debited) -> None:
    asked()
    assert paper() == f"È addebitata sul tuo conto il {day_full(DAY)}: non devi fare nulla."
    booked(DAY)
    assert "Non devi fare nulla" in paper()


def test_a_mandate_is_debited_for_the_first_time_once(debited) -> None:
    """Canteen and bus of one payer in one file: a bank refuses a second first time, and the same new account twice."""
    bus = debited.services["scuolabus"]
    post_paid(debited, kind="debit", service="scuolabus")
    eat(debited, october(1, 2), service="scuolabus")
    bill(debited, service="scuolabus")
    run_jobs(500)
    asked()
    both = Collection.objects.order_by("id")
    assert sorted(both.values_list("sequence", flat=True)) == ["FRST", "RCUR"]
    assert len(set(both.values_list("payment_id", flat=True))) == 2

    eat(debited, [date(2026, 11, 3)])
    eat(debited, [date(2026, 11, 3)], service="scuolabus")
    with clock.standing_at(noon(date(2026, 11, 25))):
        authorising.change_account(by=debited.families["rossi"].user, holder=holder(OTHER), now=clock.now())
    bill(debited, "2026-11")
    bill(debited, "2026-11", service=bus.code)
    run_jobs(500)
    asked(on=date(2026, 12, 21), period=NOVEMBER)
    later = Collection.objects.filter(file__period="2026-11")
    assert sorted(later.values_list("sequence", "is_new_account")) == [("RCUR", False), ("RCUR", True)]
