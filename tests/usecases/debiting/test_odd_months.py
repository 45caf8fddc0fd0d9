"""Direct debit when something has changed between the file and what came of it."""

from datetime import date, timedelta

import pytest

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import mandates, queries
from campanella.domains.debiting.models import Collection
from campanella.domains.ledger import verify
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.family.invoices import invoices_for
from campanella.usecases import adjust
from campanella.usecases.billing import staging
from campanella.usecases.debiting import authorising, booking, filing, hearing
from tests.billing import noon
from tests.debits import OTHER, holder, signature, signed
from tests.towns import OFFICE, choosing, run_jobs
from tests.usecases.debiting.conftest import ASKED, PERIOD, asked, booked, invoice, letters

DAY = date(2026, 12, 7)
TOTAL = 3 * (460 + 310)


def clean() -> bool:
    return verify.violations() == [] and proofs.violations() == []


def mandate(cast):
    payer = cast.families["rossi"].guardian
    return queries.mandates_of(payer_ids=[payer.pk])[payer.pk]


def amended(cast, on: date) -> None:
    with clock.standing_at(noon(on)):
        mandates.change_account(
            by=OFFICE, mandate_id=mandate(cast).id, holder=holder(OTHER), signature=signature(on), now=clock.now()
        )


@pytest.mark.parametrize("reason", ["AC04", "AC01", "MD01", "SL01", "AM04"])
def test_what_a_bank_says_of_the_old_account_ends_nothing_of_the_new_one(debited, bank, reason) -> None:
    one = asked()
    booked(DAY)
    amended(debited, date(2026, 12, 8))
    (heard,) = bank.hear((one.end_to_end_id, reason, TOTAL), form="return", on=date(2026, 12, 10)).heard

    assert (heard.follows, mandate(debited).state) == ("retry", "active")
    assert "sul conto IT •••• 5678 che hai scritto dopo" in letters()[-1][1]
    again = asked(on=date(2026, 12, 14))
    assert (again.attempt, again.iban, again.is_new_account) == (2, OTHER, True)
    assert clean()


def test_a_holder_who_has_died_is_silence_whatever_the_account(debited, bank) -> None:
    one = asked()
    amended(debited, date(2026, 12, 3))
    (heard,) = bank.hear((one.end_to_end_id, "MD07", TOTAL)).heard
    assert (heard.follows, mandate(debited).state) == ("silence", "active")
    assert not [text for subject, text in letters() if subject.startswith("Un addebito")]


def test_faults_of_the_file_suspend_nobody(debited, bank) -> None:
    choosing(debited.town, sdd_returns_limit=1)
    one = asked()
    (heard,) = bank.hear((one.end_to_end_id, "FF01", TOTAL), on=date(2026, 12, 4)).heard
    assert (heard.follows, mandate(debited).state) == ("office", "active")
    assert queries.returns_of(mandate_ids=[mandate(debited).id]) == {}


def test_a_statement_that_tells_what_came_and_what_went_back_moves_both(debited, bank) -> None:
    """A bank's statement of a month has the collection among what came in, and its return among what left."""
    before, one = (debited.balance("Anna"), debited.balance("Luca")), asked()
    came = bank.answer((one.end_to_end_id, "", TOTAL), form="collected").decode()
    left = bank.answer((one.end_to_end_id, "MS02", TOTAL), form="return").decode()
    entry = left[left.index("<Ntry>") : left.index("</Ntry>") + len("</Ntry>")]
    with clock.standing_at(noon(date(2026, 12, 10))):
        report = hearing.hear(by=OFFICE, body=came.replace("</Ntfctn>", f"{entry}</Ntfctn>").encode(), now=clock.now())
    assert [line.coming for line in report.heard] == ["booked", "returned"]
    assert (debited.balance("Anna"), debited.balance("Luca")) == before
    assert (invoice().state, clean()) == ("unpaid", True)


def test_a_return_that_is_read_late_is_tried_again_after_the_family_has_read_of_it(debited, bank) -> None:
    one = asked()
    booked(DAY)
    late = bank.answer((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 9))
    with clock.standing_at(noon(date(2027, 1, 11))):
        hearing.hear(by=OFFICE, body=late, now=clock.now())
        run_jobs(500)
    assert "riproviamo martedì 26 gennaio" in letters()[-1][1]
    assert asked(on=date(2027, 1, 12)).day == date(2027, 1, 26)


def test_over_a_week_end_the_bank_is_waited_for(debited) -> None:
    """Due on Saturday, collected on Monday: on Sunday nobody is told to pay what the bank brings tomorrow."""
    asked()
    user = debited.families["rossi"].user
    with clock.standing_at(noon(date(2026, 12, 6))):
        (mine,) = invoices_for(user=user, today=date(2026, 12, 6))
        assert (mine.is_overdue, mine.may_be_paid) == (False, False)


def test_what_came_back_for_good_is_paid_at_once(debited, bank) -> None:
    one = asked()
    user = debited.families["rossi"].user
    bank.hear((one.end_to_end_id, "MS02", TOTAL), on=date(2026, 12, 3))
    with clock.standing_at(noon(date(2026, 12, 4))):
        (mine,) = invoices_for(user=user, today=date(2026, 12, 4))
        assert mine.may_be_paid


def test_what_is_tried_again_is_not_paid_by_hand(debited, bank) -> None:
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 10))
    with clock.standing_at(noon(date(2026, 12, 12))):
        (mine,) = invoices_for(user=debited.families["rossi"].user, today=date(2026, 12, 12))
        assert (mine.is_overdue, mine.may_be_paid) == (False, False)


def test_revoked_between_the_invoice_and_the_file_a_notice_asks(debited) -> None:
    with clock.standing_at(noon(date(2026, 11, 12))):
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate(debited).id, now=clock.now())
    with clock.standing_at(noon(ASKED)):
        file, plan = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
        run_jobs(500)
    assert (file, {one.why for one in plan.left_out}) == (None, {"no_mandate"})
    payer = debited.families["rossi"].guardian
    assert PaymentRequest.objects.get(payer=payer).amount_cents == TOTAL


def test_revoked_after_the_file_what_was_asked_is_still_collected(debited, bank) -> None:
    asked()
    with clock.standing_at(noon(date(2026, 12, 3))):
        authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate(debited).id, now=clock.now())
    assert (booked(DAY), invoice().state) == (1, "paid")
    assert clean()


def test_a_part_paid_before_the_file_is_not_asked_of_the_bank(debited) -> None:
    anna = debited.wallet("Anna").pk
    with clock.standing_at(noon(date(2026, 11, 15))):
        adjust.adjust(
            by=OFFICE, wallet_id=anna, amount=Euro(380), reason="versato allo sportello", key="k-1", now=clock.now()
        )
    one = asked()
    assert one.cents == TOTAL - 380
    booked(DAY)
    assert (invoice().state, clean()) == ("paid", True)


def test_an_invoice_credited_after_the_file_leaves_the_money_as_credit(debited, bank) -> None:
    before = debited.balance("Anna"), debited.balance("Luca")
    one = asked()
    with clock.standing_at(noon(date(2026, 12, 2))):
        staging.recall(by=OFFICE, run_id=invoice().run_id, reason="mese sbagliato", now=clock.now())
        run_jobs(500)
    booked(DAY)
    (mine,) = billing.invoices(invoice_ids=[invoice().id])
    assert (mine.state, mine.open) == ("cancelled", Euro(0))
    assert (debited.balance("Anna"), debited.balance("Luca")) == (before[0] + 1380, before[1] + 930)
    assert clean()
    # What comes back then is owed by nobody: the credit goes, no notice asks for it.
    bank.hear((one.end_to_end_id, "MS02", TOTAL), form="return", on=date(2026, 12, 10))
    assert (debited.balance("Anna"), debited.balance("Luca")) == before
    assert not PaymentRequest.objects.filter(payer=debited.families["rossi"].guardian).exists()
    assert clean()


@pytest.mark.parametrize("name", ["Мария", "李明", "محمد علي", "Мария Rossi", "…"])
def test_a_name_that_no_bank_reads_is_refused_before_it_spoils_a_file(valle, name) -> None:
    payer = valle.families["rossi"].guardian
    with pytest.raises(mandates.NotReadableName):
        mandates.sign(
            by=OFFICE,
            payer=payer,
            holder=mandates.Holder(name=name, account=holder().account),
            signature=signature(),
            now=clock.now(),
        )
    assert signed(payer).state == "active"


def test_a_mandate_of_the_former_software_lapses_from_its_last_debit(valle) -> None:
    payer, old = valle.families["rossi"].guardian, signature(date(2019, 9, 1))
    about = {"by": OFFICE, "payer": payer, "holder": holder(), "signature": old, "reference": "OLD-1", "now": clock.now()}
    with pytest.raises(mandates.LapsedAlready):
        mandates.sign(**about)
    made = mandates.sign(**about, used_on=date(2026, 6, 15))
    found = queries.mandate(mandate_id=made.pk)
    assert (found.standing.last_used, found.is_first) == (date(2026, 6, 15), False)
    assert queries.unused_since(day=date(2026, 6, 14)) == []
    assert queries.unused_since(day=date(2026, 6, 15)) == [made.pk]
    with clock.standing_at(noon(date(2029, 6, 14))):
        assert booking.lapse(by=OFFICE, now=clock.now()) == 0
    with clock.standing_at(noon(date(2029, 6, 15))):
        assert booking.lapse(by=OFFICE, now=clock.now()) == 1


def test_the_second_attempt_falls_on_a_target_day_at_the_turn_of_the_year(debited, bank) -> None:
    """Came back on Thursday 10 December: fifteen days later is Christmas, then Santo Stefano, then a week-end."""
    one = asked()
    booked(DAY)
    bank.hear((one.end_to_end_id, "AM04", TOTAL), form="return", on=date(2026, 12, 10))
    again = asked(on=date(2026, 12, 23))
    assert again.day == date(2026, 12, 28)
    assert Collection.objects.count() == 2
    assert again.day - timedelta(days=14) >= date(2026, 12, 10)
