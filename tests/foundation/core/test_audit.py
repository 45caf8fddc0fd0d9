"""The sentence of an act, as somebody reads it."""

import pytest

from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Software


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "ha ritirato {invoices:fattura|fatture} di {service}, {total} in tutto, il {day}"
    monkeypatch.setitem(audit.SENTENCES, "test.counted", sentence)


@pytest.mark.parametrize(
    ("invoices", "words"), [(0, "0 fatture"), (1, "1 fattura"), ("1", "1 fattura"), (11, "11 fatture"), (21, "21 fatture")]
)
@pytest.mark.usefixtures("counting", "valle")
def test_what_is_counted_agrees_in_number(invoices: int | str, words: str) -> None:
    data = {"invoices": invoices, "service": "Refezione {x}", "day": "11 ottobre"}
    audit.record(by=Software("prova"), action="test.counted", subjects=["test:1"], at=clock.now(), data=data)
    (act,) = audit.acts_on(subjects=["test:1"])
    assert act.sentence == f"ha ritirato {words} di Refezione {{x}}, … in tutto, l’11 ottobre"
