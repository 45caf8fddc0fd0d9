"""How an invoice was paid: what a bank took is what its statement says, and credit is told apart."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from campanella.domains.debiting.rules.collecting import Past
from campanella.foundation.core.money import Euro
from campanella.readings.billing.payments import payments_of

DAY = date(2026, 12, 7)


@pytest.mark.parametrize(
    ("paid", "note", "told"),
    [
        (2310, "", [(DAY, 2000), (None, 310)]),
        (2000, "", [(DAY, 2000)]),
        (0, "NC/2026/1", [(DAY, 2000)]),
    ],
)
def test_a_bank_has_paid_what_it_was_asked_for(paid: int, note: str, told: list[Any]) -> None:
    invoice: Any = SimpleNamespace(paid=Euro(paid), credit_note=note)
    bank: Any = SimpleNamespace(past=Past(attempts=1, outcome="booked", day=DAY, cents=2000))
    found = payments_of(invoice=invoice, made=[], bank=bank)
    assert [(one.on, one.amount.cents) for one in found] == told
