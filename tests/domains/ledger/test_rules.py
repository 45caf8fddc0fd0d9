"""The keys of facts, and how low a credit is."""

import pytest

from campanella.domains.ledger.rules import ENTRY_KINDS, FACTS, Level, Source, levels_reached
from campanella.foundation.core.money import Euro


def test_every_kind_of_entry_has_its_fact() -> None:
    assert set(FACTS) == set(ENTRY_KINDS)
    assert len(set(FACTS.values())) == len(ENTRY_KINDS)


@pytest.mark.parametrize(
    ("source", "presence_id", "receipt_id"),
    [
        (Source.of_presence(12), 12, None),
        (Source.of_receipt("IUR:1-x"), None, "IUR:1-x"),
        (Source.of_receipt("12"), None, "12"),
        (Source.of_opening("A-2"), None, None),
        (Source.of_adjustment("12"), None, None),
        (Source.of_passage("12"), None, None),
        (Source("presence:x"), None, None),
        (Source("presence:"), None, None),
        (Source(""), None, None),
    ],
)
def test_a_source_is_taken_apart_as_it_was_built(source: Source, presence_id: int | None, receipt_id: str | None) -> None:
    assert (source.presence_id, source.receipt_id) == (presence_id, receipt_id)


@pytest.mark.parametrize(
    ("source", "service_id"),
    [
        (Source.of_carried(child_id=7, service_id=3), 3),
        (Source.of_opening("A-2"), None),
        (Source.of_opening("12"), None),
        (Source.of_opening("A:2"), None),
        (Source.of_adjustment("7:3"), None),
    ],
)
def test_a_carried_balance_says_for_which_service(source: Source, service_id: int | None) -> None:
    assert source.carried_service_id == service_id


def test_sql_takes_a_source_apart_at_the_colon() -> None:
    for source, kind in ((Source.of_presence(12), "charge"), (Source.of_receipt("12"), "top_up")):
        assert source[Source.key_at(kind) - 1 :] == "12"


def test_what_is_written_in_the_book_never_changes() -> None:
    assert Source.of_presence(12) == "presence:12"
    assert Source.of_receipt("iur") == "receipt:iur"
    assert Source.of_opening("A-2") == "opening:A-2"
    assert Source.of_carried(child_id=7, service_id=3) == "opening:7:3"
    assert Source.of_adjustment("key") == "adjustment:key"
    assert Source.of_passage("key") == "transfer:key"


@pytest.mark.parametrize(
    ("balance", "price", "low_units", "floor", "levels"),
    [
        (1381, 460, 3, -5000, set()),
        (1380, 460, 3, -5000, {"low"}),
        (1, 460, 3, -5000, {"low"}),
        (1, 1, 0, -5000, set()),
        (0, 460, 3, -5000, {"low", "zero"}),
        (0, 460, 0, -5000, {"low", "zero"}),
        (-1, 460, 3, -5000, {"low", "zero"}),
        (-5000, 460, 3, -5000, {"low", "zero"}),
        (-5001, 460, 3, -5000, {"low", "zero", "floor"}),
        (-1, 460, 3, 0, {"low", "zero", "floor"}),
        (0, 460, 3, 0, {"low", "zero"}),
        (-5001, 0, 3, -5000, set()),
        (-5001, -1, 3, -5000, set()),
        (1, 1, 1, -5000, {"low"}),
    ],
)
def test_the_levels_a_credit_has_fallen_to(balance: int, price: int, low_units: int, floor: int, levels: set[Level]) -> None:
    """Exactly the floor is still allowed; the last meal that is paid for is low, not zero; what is free is never low."""
    found = levels_reached(balance=Euro(balance), unit_price=Euro(price), low_units=low_units, floor=Euro(floor))
    assert found == levels
