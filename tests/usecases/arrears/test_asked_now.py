"""A debt that was settled by another road is not asked for a second time: what a notice asks for at pagoPA today."""

import pytest

from campanella.domains.billing import overpaid
from campanella.domains.messaging.models import Message
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import Payable
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.payments.operations import NotOpen
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.readings import papers as notices
from campanella.readings import proofs
from campanella.readings.billing import papers
from campanella.usecases import adjust
from campanella.usecases.arrears import asking
from campanella.usecases.arrears import papers as reminder_papers
from campanella.usecases.billing import staging
from campanella.usecases.pagopa import visit
from campanella.usecases.pagopa.desk import TownDesk
from tests.arrears import ROSSI, after_due, remind, reminders_of
from tests.browsing import at_most, browser
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs, tell_again
from tests.usecases.arrears.test_planning import agreed
from tests.usecases.billing.test_paying import invoice_of, position_of

DUPLICATE = FaultAnswer(Fault.PAA_PAGAMENTO_DUPLICATO)


def asked(cast: Cast, request: PaymentRequest) -> int | FaultAnswer:
    """Ask as the Node does: the sum in cents, or the fault."""
    answer = TownDesk().payable(cast.town.tax_code, request.notice_number)
    tell_again()
    if isinstance(answer, Payable):
        assert answer.transfers[0].cents == answer.amount_cents
        assert f"/{answer.amount_cents // 100}.{answer.amount_cents % 100:02}/" in answer.transfers[0].remittance
        return answer.amount_cents
    return answer


def give(cast: Cast, child: str, cents: int, key: str = "a") -> None:
    adjust.adjust(by=OFFICE, wallet_id=cast.wallet(child).pk, amount=Euro(cents), reason="prova", key=key, now=clock.now())


def letter(template: str) -> str:
    (found,) = Message.objects.filter(template=template)
    return " ".join(found.text.replace("\xa0", " ").split())


def test_a_partly_settled_invoice_asks_for_the_rest_and_a_settled_one_for_nothing(owing: Cast) -> None:
    position = position_of(invoice_of(owing))
    with clock.standing_at(after_due(1)):
        assert asked(owing, position) == ROSSI
        give(owing, "Anna", 1000)
        assert asked(owing, position) == ROSSI - 1000
        give(owing, "Anna", 1760, "b")
        give(owing, "Luca", 1860, "c")
        assert invoice_of(owing).state == "paid"
        assert asked(owing, position) == DUPLICATE
        with pytest.raises(NotOpen):
            visit.go_to_checkout(by=owing.families["rossi"].user, request_ids=[position.pk], email="", now=clock.now())


def test_the_rest_of_a_printed_notice_pays_what_is_open_of_each_child(owing: Cast) -> None:
    position = position_of(invoice_of(owing))
    with clock.standing_at(after_due(1)):
        give(owing, "Anna", 2760)
        assert receive(position, cents=1860).outcome == "booked"
    assert (owing.balance("Anna"), owing.balance("Luca"), invoice_of(owing).state) == (0, 0, "paid")
    assert proofs.violations() == []


def test_money_at_the_former_amount_is_taken_and_what_is_too_much_is_told(owing: Cast) -> None:
    position = position_of(invoice_of(owing))
    with clock.standing_at(after_due(1)):
        give(owing, "Anna", 1000)
        assert receive(position).outcome == "booked"
        run_jobs()
    told = letter("invoice_paid")
    assert "La fattura è pagata." in told
    assert "hai versato 10,00 € in più" in told
    assert "nel tuo credito" in told
    assert owing.balance("Anna") == 1000


def test_money_of_no_sum_that_was_ever_asked_waits_for_the_office(owing: Cast) -> None:
    found = receive(position_of(invoice_of(owing)), cents=ROSSI + 1)
    assert (found.outcome, found.reason) == ("parked", "amount")


def test_an_invoice_called_back_while_somebody_pays_is_not_told_to_be_paid(owing: Cast) -> None:
    invoice = invoice_of(owing)
    position = position_of(invoice)
    with clock.standing_at(after_due(1)):
        # Somebody is on pagoPA's page: the recall leaves the position.
        visit.payments.open_cart(user_id=owing.families["rossi"].user.pk, email="", requests=[position], now=clock.now())
        staging.recall(by=OFFICE, run_id=invoice.run_id, reason="tariffa sbagliata", now=clock.now())
        assert asked(owing, position) == DUPLICATE
        assert receive(position).outcome == "booked"
        run_jobs()
    told = letter("invoice_paid")
    assert "La fattura è pagata" not in told
    assert "annullata" in told
    assert "46,20 € sono nel tuo credito" in told


def test_a_reminder_asks_for_what_is_open_of_it_and_is_thanked_for_with_its_surplus(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    position = PaymentRequest.objects.get(pk=rossi.request_ids[0])
    with clock.standing_at(after_due(16)):
        assert asked(owing, position) == ROSSI
        give(owing, "Anna", 1000)
        assert asked(owing, position) == ROSSI - 1000
        give(owing, "Anna", 1760, "b")
        give(owing, "Luca", 1000, "c")
        with at_most(48):
            assert asked(owing, position) == 860
        assert receive(position).outcome == "booked"
        run_jobs()
    told = letter("arrears_paid")
    assert "non resta niente da pagare" in told
    assert "37,60 € di questo pagamento erano in più" in told
    # Before the office as well, with the invoice that the reminder asked for.
    (one,) = overpaid.waiting()
    assert (one.amount, one.number, one.payer_id) == (Euro(3760), invoice_of(owing).number, rossi.payer_id)


def test_a_reminder_that_an_adjustment_has_settled_asks_for_nothing(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    position = PaymentRequest.objects.get(pk=rossi.request_ids[0])
    with clock.standing_at(after_due(16)):
        give(owing, "Anna", 2760)
        give(owing, "Luca", 1860, "b")
        assert asked(owing, position) == DUPLICATE


def test_an_instalment_asks_for_what_is_open_of_it(owing: Cast) -> None:
    plan = agreed(owing)
    now = after_due(18)
    with clock.standing_at(now):
        pk = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=now)
        position = PaymentRequest.objects.get(pk=pk)
        assert asked(owing, position) == 2310
        give(owing, "Anna", 1000)
        assert asked(owing, position) == 1310
        give(owing, "Anna", 1760, "b")
        assert asked(owing, position) == DUPLICATE


def test_what_is_printed_asks_for_the_same(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    with clock.standing_at(after_due(16)):
        give(owing, "Anna", 1000)
        found = papers.asked_of(invoice=invoice_of(owing))
        assert found
        assert found.amount == Euro(ROSSI - 1000)
        reminder = reminder_papers.asked_of(request_ids=rossi.request_ids)
        assert reminder
        assert reminder.amount == Euro(ROSSI - 1000)
        give(owing, "Anna", 1760, "b")
        give(owing, "Luca", 1860, "c")
        assert papers.asked_of(invoice=invoice_of(owing)) is None
        assert reminder_papers.asked_of(request_ids=rossi.request_ids) is None
        with pytest.raises(NotFound):
            notices.notice(position=reminder, site="valle.example")


def test_the_page_of_a_reminder_s_notice_asks_for_the_same(owing: Cast) -> None:
    remind(after_due(15))
    (rossi,) = reminders_of(owing)
    phone = browser(owing.town, owing.families["rossi"].user)
    with clock.standing_at(after_due(16)):
        give(owing, "Anna", 1000)
        assert "36,20" in phone.read(f"/pagamenti/avvisi/{rossi.request_ids[0]}/")
        give(owing, "Anna", 1760, "b")
        give(owing, "Luca", 1860, "c")
        assert phone.get(f"/pagamenti/avvisi/{rossi.request_ids[0]}/")["Location"] == "/pagamenti/"
