"""Facts of attendance that others follow."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class FamilyAsked(Event):
    """A family has asked something for its days, and has been told what counts."""

    number: str


@dataclass(frozen=True)
class RegisterSaidAbsent(Event):
    """The class register calls these children absent on a day whose cut-off is still to come: their families are asked."""

    service_id: int
    day: str
    child_ids: list[int]


@dataclass(frozen=True)
class CutOffMoved(Event):
    """The cut-off of a day was moved."""

    shift_id: int


@dataclass(frozen=True)
class DayRuleChanged(Event):
    """
    The days of a service go another way in a school from a day on: its families are told.

    ``instead`` is the first day of a later rule that was told before and is called off by it, empty without one.
    """

    rule_id: int
    after: int = 0
    instead: str = ""


@dataclass(frozen=True)
class DaysGivenBack(Event):
    """
    A closure has given back what these presences were charged, in cents, in one act; payers are told, each once.

    ``moment`` is the instant of the act, in microseconds: it tells the act from the next one.
    """

    closure_id: int
    moment: int
    presence_ids: list[int]
    cents: list[int]


@dataclass(frozen=True)
class DaysCorrected(Event):
    """
    The office has corrected these presences in one act: what each gives back, in cents, or takes; payers are told.

    ``moment`` is the instant of the act, in microseconds: it tells the act from the next one.
    """

    moment: int
    presence_ids: list[int]
    cents: list[int]
