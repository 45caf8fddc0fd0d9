"""What may be open is found in the book by one query: never less than what is, and nothing of what was paid long ago."""

import random

import pytest

from campanella.domains.billing import listing, queries
from campanella.domains.billing import operations as billing
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust
from campanella.usecases.billing import joint, staging
from tests.billing import bill, eat, october
from tests.paying import receive
from tests.towns import OFFICE, Cast
from tests.usecases.billing.conftest import post_paid

CHILDREN = ("Anna", "Luca", "Amina")
MONTHS = (10, 11, 12)


class Life:
    """Money that comes and goes at random between the invoices of three months."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.acts = cast, random.Random(seed), 0

    def act(self) -> None:
        self.acts += 1
        self.dice.choice([self.pay, self.pay, self.pay, self.add, self.add, self.take, self.bank, self.together])()

    def pay(self) -> None:
        """Pay an invoice by its notice, whole or in part, whatever is open of it."""
        if issued := queries.invoices_between(period=None):
            one = self.dice.choice(issued)
            for pk in queries.positions_of(invoice_ids=[one.id]).get(one.id, [])[:1]:
                position = PaymentRequest.objects.get(pk=pk)
                receive(position, iur=f"iur-{self.acts}", cents=self.dice.choice([None, position.amount_cents // 2 or None]))

    def add(self) -> None:
        self._adjust(self.dice.choice([1, 310, 460, 900, 2000]))

    def take(self) -> None:
        self._adjust(-self.dice.choice([1, 310, 1500]))

    def _adjust(self, cents: int) -> None:
        wallet = self.cast.wallet(self.dice.choice(CHILDREN)).pk
        key = f"act-{self.acts}"
        adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(cents), reason="x", key=key, now=clock.now())

    def bank(self) -> None:
        """Let a bank bring the money of an invoice, and sometimes take it back."""
        if not (issued := queries.invoices_between(period=None)):
            return
        one = self.dice.choice(issued)
        share, key = self.dice.choice(one.shares), f"E2E{self.acts}"
        brought = Source.of_collection(key=key, wallet_id=share.wallet_id)
        self._post(brought, share.wallet_id, 460, "collection", one.id)
        if self.dice.random() < 0.4:
            returned = Source.of_returned(key=key, wallet_id=share.wallet_id)
            self._post(returned, share.wallet_id, -460, "returned", one.id)

    def _post(self, source: Source, wallet_id: int, cents: int, kind: str, invoice_id: int) -> None:
        clearing = ledger.account(kind="clearing", code="sdd").pk
        movements, day, now = [Movement(source, wallet_id, clearing, Euro(cents))], clock.today(), clock.now()
        ledger.post(movements=movements, kind=kind, day=day, memo="x", by_id=None, now=now)
        billing.note_payment(invoice_id=invoice_id, source=source, now=now)

    def together(self) -> None:
        for family in self.cast.families.values():
            mine = [one.id for one in queries.invoices_of(payer_id=family.guardian.pk) if one.open.cents > 0]
            if len(mine) > 1:
                pk = joint.position_for(by=family.user, invoice_ids=mine, now=clock.now())
                receive(PaymentRequest.objects.get(pk=pk), iur=f"together-{family.guardian.pk}-{self.acts}")


@pytest.mark.parametrize("seed", range(12))
def test_it_never_leaves_out_what_is_open(valle: Cast, seed: int) -> None:
    life = Life(valle, seed)
    post_paid(valle)
    for month in MONTHS:
        eat(valle, [day.replace(month=month) for day in october(1, 2)])
        bill(valle, f"2026-{month}")
        for _ in range(6):
            life.act()
            issued = queries.invoices_between(period=None)
            assert {one.id for one in issued if one.open.cents > 0} <= set(listing.maybe_open(service_id=None))
    if life.dice.random() < 0.5:
        run_id = queries.invoices_between(period=None)[0].run_id
        staging.recall(by=OFFICE, run_id=run_id, reason="prova", now=clock.now())
        issued = queries.invoices_between(period=None)
        assert {one.id for one in issued if one.open.cents > 0} <= set(listing.maybe_open(service_id=None))


def test_what_was_paid_is_not_read_and_another_service_neither(valle: Cast) -> None:
    post_paid(valle)
    for month in MONTHS:
        eat(valle, [day.replace(month=month) for day in october(1, 2)])
        bill(valle, f"2026-{month}")
    issued = queries.invoices_between(period=None)
    assert listing.maybe_open(service_id=valle.services["mensa"].pk) == [one.id for one in issued]
    assert listing.maybe_open(service_id=valle.services["scuolabus"].pk) == []
    rossi = valle.families["rossi"].guardian.pk
    for one in (one for one in issued if one.payer_id == rossi):
        (pk,) = queries.positions_of(invoice_ids=[one.id])[one.id]
        receive(PaymentRequest.objects.get(pk=pk), iur=f"own-{one.id}")
    assert listing.maybe_open(service_id=None) == [one.id for one in issued if one.payer_id != rossi]
    wallet = valle.wallet("Amina").pk
    owed = sum(one.open.cents for one in issued if one.payer_id != rossi)
    adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(owed - 1), reason="x", key="a", now=clock.now())
    assert listing.maybe_open(service_id=None) == [one.id for one in issued if one.payer_id != rossi]
    adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(1), reason="x", key="b", now=clock.now())
    assert listing.maybe_open(service_id=None) == []
