"""Directions of a ride, and the order of its stops: plain decisions."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

WAYS: dict[str, str] = {"out": "andata", "back": "ritorno"}
# What a stop is for a child, by the direction.
STOP_WORDS: dict[str, str] = {"out": "salita", "back": "discesa"}
# Which directions the service of a kind may have: one that is charged a direction at a time has its own.
OF_KIND: dict[str, tuple[str, ...]] = {"bus": ("out", "back"), "bus_out": ("out",), "bus_back": ("back",)}


def fits(*, kind: str, way: str) -> bool:
    """Tell whether a service of a kind is used by riding in a direction."""
    return way in OF_KIND.get(kind, ())


def ride_name(*, line: str, way: str) -> str:
    """Name a direction of a line, as people say it."""
    return f"{line}, {WAYS[way]}"


def first_earlier(*, times: Sequence[time]) -> int | None:
    """
    Return the place of the first stop that a ride reaches before the one that comes before it; None where all are in order.

    :param times: of the stops, in their order
    """
    for place, (before, here) in enumerate(pairwise(times), start=1):
        if here < before:
            return place
    return None
