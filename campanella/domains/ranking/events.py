"""Facts of rankings."""

from dataclasses import dataclass
from typing import ClassVar

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ListPublished(Event):
    """Families read a list from now on."""

    urgency: ClassVar[int] = -5

    list_id: int


@dataclass(frozen=True)
class PlaceOffered(Event):
    """A place waits for a family's answer."""

    offer_id: int


@dataclass(frozen=True)
class OfferProlonged(Event):
    """A place waits for a family's answer for longer than was said."""

    offer_id: int


@dataclass(frozen=True)
class PlaceAnswered(Event):
    """A family has accepted a place or given it up, or its time is over."""

    offer_id: int
