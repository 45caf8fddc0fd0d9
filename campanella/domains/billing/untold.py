"""Where the next run of a service begins to look: what runs have left, and what was called back; plain decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Past:
    """
    A confirmed run of a service.

    :ivar next_entry: the first entry of the book that was on no invoice once it was drawn up
    :ivar recalled_at: when it was called back, None while it stands
    """

    id: int
    confirmed_at: datetime
    next_entry: int
    recalled_at: datetime | None


def first_untold(runs: Iterable[Past]) -> int:
    """
    Return the first entry of the book that may be on no invoice, as the runs of a service have left it; 0 for the first run.

    Each run leaves off at its ``next_entry``. One that is called back gives up whatever it took: what the next one must look
    at begins again where that run itself began, whichever months were billed since.
    """
    known = list(runs)
    # Of one moment the recall counts last: it is better to look at too much than to lose a day.
    events = [(one.confirmed_at, 0, one) for one in known]
    events += [(max(one.recalled_at, one.confirmed_at), 1, one) for one in known if one.recalled_at]
    place, began = 0, dict[int, int]()
    for _, is_recall, one in sorted(events, key=lambda event: (event[0], event[1], event[2].id)):
        if is_recall:
            place = min(place, began[one.id])
        else:
            began[one.id], place = place, one.next_entry
    return place
