"""Facts about services, told in the transaction that made them."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """
    A service runs on other days in a school, or in one of its classes, from a day on: its families are told.

    ``last`` is empty where there is none, ``weekdays`` are seven bits, -1 all those of the school; ``class_group_id`` is 0
    for the whole school. ``act`` is the moment of the change in microseconds; ``after`` the last adult who was written to.
    """

    service_id: int
    school_id: int
    class_group_id: int
    first: str
    last: str
    weekdays: int
    act: int
    after: int = 0
