"""A bank refuses what we have written badly: the office puts it right, the family waits and is told the day."""

from datetime import date

import pytest

from campanella.domains.debiting.collecting import DecidedBefore
from campanella.domains.debiting.models import Collection
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases.billing import staging
from campanella.usecases.billing.asking import NothingOpen
from campanella.usecases.debiting import faults, filing
from tests.billing import noon
from tests.towns import OFFICE, run_jobs
from tests.usecases.debiting.conftest import PERIOD, asked, booked, invoice, letters

TOTAL = 3 * (460 + 310)
BACK, LOOKED = date(2026, 11, 23), date(2026, 11, 25)


@pytest.fixture
def refused(debited, bank) -> Collection:
    """October's file was written badly, and the bank has said so."""
    one = asked()
    bank.hear((one.end_to_end_id, "BE05", TOTAL), on=BACK)
    return one


def decide(one: Collection, kind: str, on: date = LOOKED) -> None:
    with clock.standing_at(noon(on)):
        faults.decide(by=OFFICE, collection_id=one.pk, kind=kind, now=clock.now())
        run_jobs(500)


def test_put_right_it_is_asked_for_once_more_on_the_day_that_was_told(refused) -> None:
    decide(refused, "again")
    told = Message.objects.get(template="collection_again").text.replace("\xa0", " ")
    assert "riparte giovedì 10 dicembre sul conto IT •••• 7890" in told
    again = asked(on=date(2026, 11, 26))
    assert (again.attempt, again.day, again.cents) == (2, date(2026, 12, 10), TOTAL)
    assert (booked(date(2026, 12, 10)), invoice().state) == (1, "paid")


def test_a_fault_takes_no_attempt_from_the_family_that_had_one(refused, bank) -> None:
    """Wanting money at the second attempt, the debt has still a notice to come, and the third fault may be put right too."""
    decide(refused, "again")
    again = asked(on=date(2026, 11, 26))
    bank.hear((again.end_to_end_id, "FF01", TOTAL), on=date(2026, 12, 9))
    decide(again, "again", date(2026, 12, 10))
    assert asked(on=date(2026, 12, 11)).attempt == 3


def test_what_cannot_be_put_right_is_asked_by_notice_at_once(refused) -> None:
    decide(refused, "notice")
    assert PaymentRequest.objects.get(payer=refused.payer).amount_cents == TOTAL
    subject, text = letters()[-1]
    text = text.replace("\xa0", " ")
    assert subject == "Un avviso da pagare"
    assert "la fattura FT/2026/1 (Refezione, ottobre 2026) si paga con pagoPA" in text
    assert "l’addebito chiesto alla banca non è riuscito, perché la banca non ha riconosciuto il Comune" in text
    assert f"/pagamenti/elenco/{invoice().id}/" in text
    assert Message.objects.get(template="notices_made", guardian=refused.payer).papers == f"invoice:{invoice().id}"
    with clock.standing_at(noon(LOOKED)):
        filing.make(by=OFFICE, period=PERIOD, now=clock.now())
    assert PaymentRequest.objects.filter(payer=refused.payer).count() == 1


def test_it_is_decided_once_and_only_where_there_is_something_to_decide(refused, debited) -> None:
    with pytest.raises(NotFound):
        faults.decide(by=OFFICE, collection_id=refused.pk + 999, kind="again", now=clock.now())
    decide(refused, "again")
    for kind in ("again", "notice"):
        with pytest.raises(DecidedBefore):
            decide(refused, kind)
    again = asked(on=date(2026, 11, 26))
    with pytest.raises(DecidedBefore):
        decide(again, "again")


def test_of_what_was_called_back_nothing_is_decided(refused) -> None:
    with clock.standing_at(noon(LOOKED)):
        staging.recall(by=OFFICE, run_id=invoice().run_id, reason="mese sbagliato", now=clock.now())
    with pytest.raises(NothingOpen):
        decide(refused, "again")
