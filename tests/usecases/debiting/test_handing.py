"""A file counts once it is on its way to the bank; who pays by another road meanwhile, and whom nobody may write to."""

from contextlib import AbstractContextManager
from datetime import date

import pytest

from campanella.domains.debiting import asked as collections
from campanella.domains.debiting import waiting
from campanella.domains.debiting.handing import HandedOver, Withdrawn
from campanella.domains.debiting.models import Collection, DoublePayment
from campanella.domains.ledger import verify
from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging import silencing
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.arrears.households import households
from campanella.readings.office.debits import waits
from campanella.usecases.billing import asking
from campanella.usecases.debiting import filing
from tests.billing import bill, eat, noon
from tests.paying import receive
from tests.towns import OFFICE, run_jobs
from tests.usecases.debiting.conftest import PERIOD, asked, booked, invoice

TOTAL = 3 * (460 + 310)
DAY, NEXT_DAY = date(2026, 12, 7), date(2026, 12, 8)


def clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def at(day: date) -> AbstractContextManager[object]:
    return clock.standing_at(noon(day))


def test_a_file_that_nobody_took_to_the_bank_brings_no_money(debited) -> None:
    asked(is_taken=False)
    assert (booked(DAY), invoice().state) == (0, "unpaid")
    (file,) = waits(today=date(2026, 12, 2)).files
    assert (file.count, file.total.cents, file.until, file.is_late) == (1, TOTAL, date(2026, 12, 3), False)
    assert waits(today=date(2026, 12, 4)).files[0].is_late
    with at(NEXT_DAY):
        filing.hand_over(by=OFFICE, file_id=file.id, now=clock.now())
    assert waits(today=NEXT_DAY).count == 0
    assert (booked(NEXT_DAY), invoice().state) == (1, "paid")
    assert clean()


def test_given_up_it_is_asked_for_by_the_next_file_on_a_day_that_the_family_reads(debited) -> None:
    one = asked(is_taken=False)
    with at(DAY):
        assert filing.withdraw(by=OFFICE, file_id=one.file_id, now=clock.now()) == 1
        run_jobs(500)
        for act in (filing.withdraw, filing.hand_over):
            with pytest.raises(Withdrawn):
                act(by=OFFICE, file_id=one.file_id, now=clock.now())
    told = Message.objects.get(template="collection_again").text
    assert "riparte martedì 22 dicembre" in told
    assert collections.file_of_period(period=f"{PERIOD:%Y-%m}") is None
    assert (booked(date(2026, 12, 22)), waits(today=DAY).count) == (0, 0)
    again = asked(on=date(2026, 12, 9))
    assert (again.attempt, again.day, again.cents, again.sequence) == (2, date(2026, 12, 22), TOTAL, "FRST")
    assert (booked(date(2026, 12, 22)), invoice().state) == (1, "paid")
    assert clean()


def test_what_has_left_the_house_only_the_bank_can_stop(debited) -> None:
    one = asked()
    with at(DAY), pytest.raises(HandedOver):
        filing.withdraw(by=OFFICE, file_id=one.file_id, now=clock.now())


def test_a_bank_that_answers_has_had_the_file(debited, bank) -> None:
    one = asked(is_taken=False)
    bank.hear((one.end_to_end_id, "", TOTAL), form="collected")
    with at(DAY), pytest.raises(HandedOver):
        filing.withdraw(by=OFFICE, file_id=one.file_id, now=clock.now())
    assert invoice().state == "paid"


def pays_by_pagopa(on: date) -> None:
    """Let the family pay by a notice that was made although the bank is asked."""
    with at(on):
        request = asking.position_for(by=OFFICE, invoice_id=invoice().id, now=clock.now())
        receive(PaymentRequest.objects.get(pk=request))
        run_jobs(500)


def test_paid_by_pagopa_while_the_bank_is_asked_it_is_put_before_the_office_and_the_family_knows(debited) -> None:
    before = debited.balance("Anna") + debited.balance("Luca")
    asked()
    pays_by_pagopa(date(2026, 12, 1))
    (double,) = waits(today=date(2026, 12, 1)).doubles
    assert (double.number, double.amount.cents, double.day, double.is_booked) == (invoice().number, TOTAL, DAY, False)
    told = Message.objects.get(template="invoice_paid").text
    assert "sono stati chiesti anche alla tua banca per lunedì 7 dicembre" in told
    assert "resta nel credito" in told
    assert booked(DAY) == 1
    assert waits(today=DAY).doubles[0].is_booked
    assert debited.balance("Anna") + debited.balance("Luca") == before + 2 * TOTAL
    assert clean()


def test_what_the_bank_gives_back_is_paid_once_and_nothing_waits(debited, bank) -> None:
    one = asked()
    pays_by_pagopa(date(2026, 12, 1))
    bank.hear((one.end_to_end_id, "MS02", TOTAL), on=date(2026, 12, 3))
    assert (waiting.doubles(), DoublePayment.objects.count(), invoice().state) == ([], 1, "paid")


def test_who_pays_by_pagopa_alone_reads_nothing_of_a_bank(debited, bank) -> None:
    one = asked()
    bank.hear((one.end_to_end_id, "MS02", TOTAL), on=date(2026, 12, 3))
    with at(date(2026, 12, 4)):
        receive(PaymentRequest.objects.get(payer=one.payer, state="open"))
        run_jobs(500)
    assert "banca" not in Message.objects.get(template="invoice_paid").text
    assert waits(today=date(2026, 12, 4)).count == 0


@pytest.fixture
def died(debited, bank) -> Collection:
    """The bank has said on 10 December that the account's holder has died; November was eaten before."""
    eat(debited, [date(2026, 11, 3)])
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "MD07", TOTAL), form="return", on=date(2026, 12, 10))
    return one


def test_where_the_holder_has_died_nothing_leaves_any_more(died, debited) -> None:
    mine = Message.objects.filter(guardian=died.payer)
    before = mine.exclude(sent_at=None).count()
    bill(debited, "2026-11")
    run_jobs(500)
    assert mine.exclude(sent_at=None).count() == before
    assert mine.filter(template="invoice_issued", sent_at=None).exclude(called_off_at=None).count() == 1
    (silent,) = waits(today=date(2026, 12, 11)).silent
    assert (silent.guardian_id, silent.name) == (died.payer_id, died.payer.full_name)
    now = noon(date(2027, 3, 1))
    with clock.standing_at(now):
        (house,) = [one for one in households(payer_ids=None, now=now) if one.payer_id == died.payer_id]
    assert house.barred == "stop"


def test_once_the_office_has_spoken_with_the_family_letters_and_notices_go_again(died) -> None:
    with at(date(2026, 12, 15)):
        silencing.end(by=OFFICE, guardian_id=died.payer_id, now=clock.now())
        with pytest.raises(silencing.NotSilent):
            silencing.end(by=OFFICE, guardian_id=died.payer_id, now=clock.now())
        filing.make(by=OFFICE, period=PERIOD, now=clock.now())
        run_jobs(500)
    assert PaymentRequest.objects.get(payer=died.payer).amount_cents == TOTAL
    assert Message.objects.filter(guardian=died.payer, template="notices_made").exclude(sent_at=None).count() == 1


def test_who_asks_for_a_password_is_still_answered(died) -> None:
    with at(date(2026, 12, 12)):
        for template in ("password_reset", "top_up"):
            messaging.queue(
                key=template,
                guardian=died.payer,
                address="a@b.it",
                template=template,
                subject="x",
                text="y",
                now=clock.now(),
            )
        run_jobs(500)
    sent = Message.objects.filter(key__in=["password_reset", "top_up"]).exclude(sent_at=None)
    assert list(sent.values_list("template", flat=True)) == ["password_reset"]
