"""Several press at once: one file for the bank; one answer handed in by several is one return."""

from datetime import date

import pytest

from campanella.domains.debiting.handing import HandedOver, Withdrawn
from campanella.domains.debiting.models import Collection, CollectionFile, Coming, FileHanding
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.readings import proofs
from campanella.usecases.debiting import booking, filing, hearing
from tests.billing import bill, eat, noon, october, tell
from tests.concurrency.conftest import all_at_once
from tests.debits import signed
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid
from tests.usecases.debiting.conftest import ASKED, PERIOD, Bank

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
DAY, BACK = date(2026, 12, 7), date(2026, 12, 10)
PRESSES = 6


def test_pressed_and_handed_in_by_several_at_once(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town, kind="debit")
        with clock.standing_at(noon(date(2026, 9, 1))):
            signed(town.families["rossi"].guardian)
        eat(town, october(1, 2))
        bill(town)
        tell()

    def press(_: int) -> str:
        with clock.standing_at(noon(ASKED)), scope(town.town.id):
            file, _plan = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
        return file.message_id if file else ""

    assert len(set(all_at_once(press, PRESSES))) == 1

    def take(_: int) -> None:
        with clock.standing_at(noon(ASKED)), naming(town.town.id):
            filing.hand_over(by=OFFICE, file_id=file_id, now=clock.now())

    with scope(town.town.id):
        file_id = CollectionFile.objects.get().pk
    all_at_once(take, PRESSES)

    def night(_: int) -> int:
        with clock.standing_at(noon(DAY)), naming(town.town.id):
            return booking.book_due(now=clock.now())

    all_at_once(night, PRESSES)
    with scope(town.town.id):
        one = Collection.objects.get()
        body = Bank(town).answer((one.end_to_end_id, "AM04", one.cents), form="return")

    def hand_in(_: int) -> int:
        with clock.standing_at(noon(BACK)), naming(town.town.id):
            return hearing.hear(by=OFFICE, body=body, now=clock.now()).applied

    assert sorted(all_at_once(hand_in, PRESSES)) == [0] * (PRESSES - 1) + [1]
    with scope(town.town.id):
        assert CollectionFile.objects.count() == 1
        assert sorted(Coming.objects.values_list("kind", flat=True)) == ["booked", "returned"]
        assert verify.violations() == []
        assert proofs.violations() == []


def test_a_file_is_taken_to_the_bank_or_given_up_and_never_both(town: Cast) -> None:
    with scope(town.town.id):
        post_paid(town, kind="debit")
        with clock.standing_at(noon(date(2026, 9, 1))):
            signed(town.families["rossi"].guardian)
        eat(town, october(1, 2))
        bill(town)
        tell()
        with clock.standing_at(noon(ASKED)):
            file, _plan = filing.make(by=OFFICE, period=PERIOD, now=clock.now())
    assert file

    def act(number: int) -> object:
        with clock.standing_at(noon(ASKED)), naming(town.town.id):
            return (filing.hand_over if number % 2 else filing.withdraw)(by=OFFICE, file_id=file.pk, now=clock.now())

    done = all_at_once(act, PRESSES)
    with scope(town.town.id):
        taken = FileHanding.objects.exists()
        assert Coming.objects.filter(kind="rejected").exists() is not taken
        refused = [isinstance(one, HandedOver if taken else Withdrawn) for one in done]
        assert refused.count(True) == (PRESSES // 2 if taken else PRESSES - 1)
        assert proofs.violations() == []
