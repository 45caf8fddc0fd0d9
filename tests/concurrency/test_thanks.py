"""Two receipts of one visit, booked at the same moment by two hands: one letter of thanks for both."""

import pytest

from campanella.domains.messaging.models import AlsoTold, Message
from campanella.domains.payments.models import Cart, CartLine
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases import thanks, top_up
from tests.concurrency.conftest import all_at_once
from tests.paying import receive
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
HANDS = 8


def test_thanks_begun_at_once_are_one_letter(town: Cast) -> None:
    with scope(town.town.id):
        made = [
            top_up.prepare_at_desk(
                by=town.staff["office"], wallet_id=town.wallet(name).pk, amount=Euro(1000), count=1, now=clock.now()
            )[0]
            for name in ("Anna", "Luca")
        ]
        visit = Cart.objects.create(token="t", user_id=1, address="https://checkout.example/1", opened_at=clock.now())
        for one in made:
            CartLine.objects.create(cart=visit, request=one)
        kept = [receive(one, iur=f"IUR{number}") for number, one in enumerate(made)]

    def thank(number: int) -> None:
        with scope(town.town.id):
            thanks.thank(receipt_pk=kept[number % 2].pk, wallet_id=made[number % 2].wallet_id)

    all_at_once(thank, HANDS)

    with scope(town.town.id):
        assert Message.objects.filter(subject__startswith="Ricarica ricevuta").count() == 1
        assert AlsoTold.objects.count() == 1
        assert proofs.violations() == []
