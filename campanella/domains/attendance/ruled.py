"""What a school has been told of how the days of a service go: its rules, past and to come, as the office reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from typing import cast

from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Mode, own_hours


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says, as the office writes it."""

    mode: Mode
    cut_off: time | None
    cut_off_days_before: int
    horizon_days: int | None
    marks_until: time | None
    opens_at: time | None = None
    book_cut_off: time | None = None
    book_cut_off_days_before: int = 0
    white_cut_off: time | None = None
    white_cut_off_days_before: int = 0
    packed_cut_off: time | None = None
    packed_cut_off_days_before: int = 0

    @classmethod
    def of(cls, rule: DayRule | None) -> "Terms":
        """Return what a rule says; without one the roll-call decides, until the town's hour."""
        if rule is None:
            return cls("roll_call", None, 0, None, None)
        said = {one.name: getattr(rule, one.name) for one in fields(cls)}
        return cls(**{**said, "mode": cast("Mode", rule.mode)})


def subject_of(*, service_id: int, school_id: int) -> str:
    """Return what the history of a school's service is filed under."""
    return f"day_rule:{school_id}:{service_id}"


def rules_of(*, service_id: int | None = None, school_id: int | None = None) -> list[DayRule]:
    """Return the rules of a school's service, or of the whole town, by their first day: one query."""
    rows = DayRule.objects.order_by("days")
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return list(rows if school_id is None else rows.filter(school_id=school_id))


def rule_of(*, rule_id: int) -> DayRule | None:
    """Return a rule with its service and school, None when another one has replaced it."""
    return DayRule.objects.filter(pk=rule_id).select_related("service", "school").first()


def held_from(rules: Sequence[DayRule], first: date) -> list[Terms]:
    """Return what holds from a day on, one after the other; without a rule the roll-call decides, until the town's hour."""
    found, at = [], first
    for rule in sorted(rules, key=lambda one: one.days.lower):
        lower, upper = rule.days.lower, rule.days.upper
        if upper is not None and upper <= first:
            continue
        if lower > at:
            found.append(Terms.of(None))
        found.append(Terms.of(rule))
        if upper is None:
            return found
        at = upper
    return [*found, Terms.of(None)]


def replaced(rules: Sequence[DayRule], first: date) -> list[DayRule]:
    """Return the rules that begin on a day or later, which a change from that day on takes away."""
    return [rule for rule in rules if rule.days.lower >= first]


def is_noticed(rules: Sequence[DayRule], first: date, after: Terms) -> bool:
    """
    Tell whether families notice a change: of the first day or of any later one, which they were told otherwise.

    They notice who decides, until when, how far ahead and from what hour; not until when the school marks.
    """
    own = _noticed(after)
    return any(_noticed(before) != own for before in held_from(rules, first))


def _noticed(terms: Terms) -> tuple[object, ...]:
    hours = (terms.cut_off, terms.cut_off_days_before, terms.horizon_days, terms.opens_at)
    return terms.mode, *hours, own_hours(terms)
