"""What of a request holds now: the day decides, folded from everything that was asked of it, not the request alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.attendance import asked
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import DayAsked, DayOfLine
from campanella.domains.attendance.fact_rules import Fact, wish
from campanella.domains.attendance.models import DayEvent, FamilyRequest
from campanella.domains.attendance.rules import Mode


@dataclass(frozen=True, slots=True)
class Act:
    """A request that says something else of a day, or takes it back: its number, and when it was made."""

    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How one day of a request stands now.

    :ivar known: the day as it is; None where the child does not use the service any more
    :ivar decided_by: the other request that decides the day; None when this one does, or none at all
    :ivar says_the_same: that other one wants what this one wanted
    :ivar taken_back: what took this one back
    """

    known: DayAsked | None
    decided_by: Act | None = None
    says_the_same: bool = False
    taken_back: Act | None = None

    @property
    def is_overtaken(self) -> bool:
        """Another request has said otherwise."""
        return self.decided_by is not None and not self.says_the_same and self.taken_back is None


def standing(answer: Answer) -> dict[DayOfLine, Standing]:
    """Return how the days of a request stand now: four queries, whatever their number."""
    keys = [day.key for day in answer.days]
    lines = sorted({(child_id, service_id) for child_id, service_id, _ in keys})
    known = {one.key: one for one in asked.days_of(lines=lines, days=sorted({day for _, _, day in keys}))}
    facts = asked.wishes_of(days=keys)
    deciding = {key: _deciding(facts[key], known.get(key)) for key in keys}
    back = _taken_back(answer)
    acts = _acts(fact.request for fact in deciding.values() if fact)
    return {
        day.key: Standing(
            known=known.get(day.key),
            # What takes something back leaves the day to whatever else was asked of it.
            decided_by=None if answer.undoes_id else _other(deciding[day.key], answer, acts),
            says_the_same=_wants(deciding[day.key]) == (day.is_on, day.is_white, day.is_packed),
            taken_back=back.get(day.key),
        )
        for day in answer.days
    }


def _deciding(facts: Iterable[Fact], known: DayAsked | None) -> Fact | None:
    mode: Mode = known.mode if known else "opt_out"
    return wish(facts, mode=mode).because


def _other(deciding: Fact | None, answer: Answer, acts: Mapping[int, Act]) -> Act | None:
    return acts[deciding.request] if deciding and deciding.request != answer.request_id else None


def _wants(fact: Fact | None) -> tuple[bool, bool, bool] | None:
    return (bool(fact.is_on), bool(fact.is_white), fact.is_packed) if fact else None


def _acts(request_ids: Iterable[int]) -> dict[int, Act]:
    rows = FamilyRequest.objects.filter(pk__in=set(request_ids)).values_list("pk", "number", "made_at")
    return {pk: Act(number, made_at) for pk, number, made_at in rows}


def _taken_back(answer: Answer) -> dict[DayOfLine, Act]:
    """Return what took each day of a request back: of two that did, the first."""
    rows = DayEvent.objects.filter(request_id=answer.request_id, kind="undone", counts=True).order_by("-received_at", "-id")
    found = {(row.child_id or 0, row.service_id, row.day): row.received_at for row in rows}
    if not found:
        return {}
    later = FamilyRequest.objects.filter(undoes_id=answer.request_id).order_by("-id")
    numbers = dict(later.values_list("received_at", "number"))
    return {key: Act(numbers[at], at) for key, at in found.items() if at in numbers}
