"""A payment beside the sending: either it is booked first and nobody is written to, or the letter told the truth then."""

from datetime import timedelta

import pytest

from campanella.domains.arrears import issuing, queries, reminders
from campanella.domains.ledger import holding, verify
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, naming, scope
from campanella.readings import proofs
from campanella.usecases import adjust, top_up
from campanella.usecases.arrears import asking, planning, running, sending
from tests.arrears import ROSSI, after_due, overdue, remind, reminders_of
from tests.concurrency.conftest import all_at_once
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, Cast
from tests.usecases.billing.test_paying import invoice_of, position_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def kept(request: PaymentRequest) -> int:
    """Keep a receipt for a position, not yet booked."""
    body = b"<receipt>iur-1</receipt>"
    receipt = Receipt.objects.create(
        receipt_id="iur-1",
        message_id=receiving.keep_raw(body=body, municipality_id=active_town_id(), now=clock.now()),
        notice_number=request.notice_number,
        amount_cents=request.amount_cents,
        paid_at=clock.now(),
        kept_at=clock.now(),
        psp_name="Banca",
    )
    return receipt.pk


@pytest.mark.parametrize("is_payment_first", [True, False])
def test_a_payment_and_its_reminder_in_either_order(town: Cast, is_payment_first: bool) -> None:
    now = after_due(15)
    with clock.standing_at(now), scope(town.town.id):
        overdue(town)
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    later = now + timedelta(minutes=5)
    with clock.standing_at(later):
        with scope(town.town.id):
            position = position_of(invoice_of(town))
            receipt = kept(position) if is_payment_first else 0

        def pay() -> None:
            top_up.book(receipt_pk=receipt or kept(position))

        def send() -> None:
            sending.send_next(run_id=run.id, by=OFFICE, now=later)

        def hold() -> None:
            holding.hold_children(child_ids=[town.child("Anna").pk, town.child("Luca").pk])

        acts = (pay, send) if is_payment_first else (send, pay)
        assert in_turn(town, *acts, held=hold) == (None, None)

    with scope(town.town.id):
        found = reminders_of(town)
        assert invoice_of(town).state == "paid"
        # Written first, the letter asked for what was owed at its instant.
        assert [one.total for one in found] == ([] if is_payment_first else [Euro(ROSSI)])
        assert verify.violations() == []
        assert proofs.violations() == []


def test_many_officers_and_workers_at_once_make_one_run_with_one_reminder_each(town: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now), scope(town.town.id):
        overdue(town)
        run = running.preview(by=OFFICE, now=now)

    def press(number: int) -> None:
        with clock.standing_at(now), naming(town.town.id):
            running.confirm(by=OFFICE, run_id=run.id, now=now)
        with clock.standing_at(now + timedelta(minutes=5)), naming(town.town.id):
            sending.send(run_id=run.id)

    all_at_once(press, 6)

    with scope(town.town.id):
        assert [one.number for one in reminders.every()] == ["SO/2026/1", "SO/2026/2"]
        assert queries.run(run_id=run.id).state == "sent"
        assert proofs.violations() == []


@pytest.mark.parametrize("what", ["reminder", "due"])
def test_many_taps_ask_for_a_reminder_or_a_due_by_one_position(town: Cast, what: str) -> None:
    """Part of it was paid, so that the first of them has to make a new one."""
    now = after_due(15)
    with clock.standing_at(now):
        with scope(town.town.id):
            overdue(town)
            remind(now)
            (reminder,) = reminders_of(town)
            payer, wallet = town.families["rossi"].guardian.pk, town.wallet("Anna").pk
        with naming(town.town.id):
            plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=after_due(40).date(), months=1, note="", now=now)
            adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(500), reason="scusa", key="a", now=now)

        def tap(_: int) -> int:
            with naming(town.town.id):
                if what == "due":
                    return asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=now)
                return asking.position_for_reminder(by=OFFICE, reminder_id=reminder.id, now=now)

        found = all_at_once(tap, 4)

    with scope(town.town.id):
        assert len(set(found)) == 1, found
        assert PaymentRequest.objects.filter(pk=found[0], state="open").exists()
        named = f"sollecito {reminder.number}" if what == "reminder" else "rata 1 di 2"
        assert PaymentRequest.objects.filter(state="open", description__contains=named).count() == 1


def test_a_preview_beside_a_confirmation_undoes_nothing(town: Cast) -> None:
    now = after_due(15)
    with clock.standing_at(now):
        with scope(town.town.id):
            overdue(town)
            run = running.preview(by=OFFICE, now=now)
        answers = in_turn(
            town,
            lambda: running.confirm(by=OFFICE, run_id=run.id, now=now),
            lambda: running.preview(by=OFFICE, now=now),
            held=lambda: issuing.hold_run(run_id=run.id),
        )

    with scope(town.town.id):
        assert isinstance(answers[1], issuing.RunUnderWay)
        assert queries.run(run_id=run.id).state == "going"
        assert queries.next_candidates(run_id=run.id, limit=9)
