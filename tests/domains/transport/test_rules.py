"""Directions and the order of stops."""

from datetime import time

import pytest

from campanella.domains.transport import rules


@pytest.mark.parametrize(
    ("kind", "way", "fits"),
    [
        ("bus", "out", True),
        ("bus", "back", True),
        ("bus_out", "out", True),
        ("bus_out", "back", False),
        ("bus_back", "back", True),
        ("meal", "out", False),
    ],
)
def test_a_service_is_of_its_directions(kind: str, way: str, fits: bool) -> None:
    assert rules.fits(kind=kind, way=way) is fits


@pytest.mark.parametrize(
    ("times", "wrong"),
    [
        ([], None),
        (["7:10", "7:15", "7:15"], None),
        (["7:10", "7:05"], 1),
        (["7:10", "7:20", "7:15", "7:30"], 2),
    ],
)
def test_stops_are_reached_in_order(times: list[str], wrong: int | None) -> None:
    assert rules.first_earlier(times=[time.fromisoformat(one.zfill(5)) for one in times]) == wrong
