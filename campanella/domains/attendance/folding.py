"""Folding days again from their events, when something of them came in late or out of turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campanella.domains.attendance.fact_rules import Fact, fold
from campanella.domains.attendance.operations import Marked
from campanella.domains.attendance.rules import Mode
from campanella.domains.attendance.statements import folding as statements
from campanella.domains.ledger.holding import check_held
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_short
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"presence.folded": "ha tenuto conto di quanto arrivato dopo la conferma, il {day}: {state}"})

# How many columns of ``statements.DAYS`` say where a child stands; the others are a fact's, in their order.
_STANDS = 9


@dataclass(frozen=True, slots=True)
class DayOfChild:
    """
    Where a child is on a day, what was written of it so far, and what happened to it.

    :ivar call_id: the roll-call it is in, None where nobody has begun one
    :ivar class_group_id: the class it is in, None where it has left
    :ivar written: present, due, with the white meal, late; each None where nothing is written yet
    """

    child_id: int
    call_id: int | None
    is_confirmed: bool
    mode: Mode
    class_group_id: int | None
    written: tuple[bool | None, ...]
    facts: tuple[Fact, ...]

    def folded(self) -> "Changed | None":
        """Return what the day comes to, None where that is written already, or nobody has begun to write."""
        outcome = fold(self.facts, mode=self.mode)
        is_marked = outcome.because is not None and outcome.because.level > 0
        becomes = (outcome.is_present, outcome.is_due, outcome.is_white, outcome.is_late)
        if self.call_id is None or becomes == self.written or not (self.is_confirmed or is_marked):
            return None
        return Changed(self.child_id, self.call_id, self.is_confirmed, becomes)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a day comes to, and is not written yet; ``becomes`` as ``DayOfChild.written``."""

    child_id: int
    call_id: int
    is_confirmed: bool
    becomes: tuple[bool, bool, bool, bool]


@operation
def days_of(*, child_ids: Sequence[int], service_id: int, day: date) -> list[DayOfChild]:
    """Return where these children are on a day, and what happened to it: one query."""
    values = {"town": active_town_id(), "children": list(child_ids), "service": service_id, "day": day}
    days: dict[int, tuple[tuple[Any, ...], list[Fact]]] = {}
    for row in sql.rows(statements.DAYS, values):
        _, facts = days.setdefault(row[0], (row[:_STANDS], []))
        if row[_STANDS] is not None:
            facts.append(Fact(*row[_STANDS:]))
    return [
        DayOfChild(child_id, call_id, is_confirmed, mode, group, tuple(written), tuple(facts))
        for (child_id, call_id, is_confirmed, mode, group, *written), facts in days.values()
    ]


@operation
def fold_again(*, by: Actor, child_ids: Sequence[int], service_id: int, day: date, why: str, now: datetime) -> list[Marked]:
    """
    Write down what a day of these children comes to, after events of it came in: two statements, whatever their number.

    The result is the same in whatever order they came, and however often. A class that nobody has begun has nothing to
    write; one that is not confirmed yet keeps the marks, and owes nothing.

    :param why: what came in, for the history
    :returns: those of confirmed classes whose day has changed: they are charged anew
    :raises NotHeld: the children's wallets are not held
    """
    check_held(child_ids=child_ids, service_id=service_id)
    days = days_of(child_ids=child_ids, service_id=service_id, day=day)
    changed = [comes for of_child in days if (comes := of_child.folded())]
    if not changed:
        return []
    authors = dict.fromkeys(child_ids, by)
    values = {"town": active_town_id(), "service": service_id, "day": day, "now": now, **columns(changed, authors)}
    written = [Marked(*row) for row in sql.rows(statements.FOLD, values)]
    return told(changed=changed, written=written, authors=authors, day=day, why=why, now=now)


def columns(changed: Sequence[Changed], authors: Mapping[int, Actor]) -> dict[str, object]:
    """Return days that change as the columns of ``statements.FOLDED``; ``authors`` are by child."""
    return {
        "children": [one.child_id for one in changed],
        "calls": [one.call_id for one in changed],
        "authors": [authors[one.child_id].actor_id for one in changed],
        **{name: [one.becomes[n] for one in changed] for n, name in enumerate(("present", "due", "white", "late"))},
    }


def told(
    *,
    changed: Sequence[Changed],
    written: Sequence[Marked],
    authors: Mapping[int, Actor],
    day: date,
    why: str,
    now: datetime,
) -> list[Marked]:
    """Tell in the history what changed after its confirmation, each under its author's name, and return that."""
    confirmed = {one.child_id for one in changed if one.is_confirmed}
    settled = [mark for mark in written if mark.child_id in confirmed]
    for by, marks in by_author(settled, authors).items():
        acts = [
            (
                (f"child:{mark.child_id}", Source.of_presence(mark.presence_id)),
                {"day": day_short(day), "state": _state(mark)},
            )
            for mark in marks
        ]
        audit.record_each(by=by, action="presence.folded", at=now, told=acts, why=why)
    return settled


def by_author(marked: Sequence[Marked], authors: Mapping[int, Actor]) -> dict[Actor, list[Marked]]:
    """Return marks by whose word they follow from."""
    groups: dict[Actor, list[Marked]] = {}
    for mark in marked:
        groups.setdefault(authors[mark.child_id], []).append(mark)
    return groups


def _state(mark: Marked) -> str:
    if mark.is_present:
        return "presente"
    return "assente, non disdetto" if mark.is_due else "assente"
