"""Who comes before whom: points by answers, the town's keys one after the other, and a draw that anybody can repeat."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from campanella.domains.ranking.rules.places import assign
from campanella.domains.ranking.rules.scheme import Criterion, Scheme

YES = "yes"


@dataclass(frozen=True, slots=True)
class Applicant:
    """
    What decides of an application's place: as it was sent, with what the office has corrected.

    :ivar sent_at: the receipt of its first version
    :ivar isee_cents: None where none holds
    :ivar answers: by the question's id, as text
    :ivar schools: the structures that it asks for, the most wanted first
    """

    number: str
    born: date | None
    sent_at: datetime
    isee_cents: int | None
    answers: Mapping[str, str]
    schools: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    An application's place in its list.

    :ivar group: of age, whose list it is; empty where it is in none
    :ivar position: from 1; 0 in no list
    :ivar is_drawn: only the draw has put it before or behind a neighbour
    :ivar ticket: what the draw goes by
    :ivar school_id: the structure in which it finds a place, None while it waits
    """

    number: str
    group: str
    position: int
    points: int
    is_first: bool
    is_resident: bool
    is_drawn: bool
    ticket: str
    school_id: int | None


def gained(*, criteria: Sequence[Criterion], answers: Mapping[str, str]) -> list[Criterion]:
    """Return what the answers are worth, in the order of the rules."""
    return [one for one in criteria if answers.get(str(one.part_id), "") == one.answer]


def ticket(*, seed: str, number: str) -> str:
    """
    Return what an application has drawn; the smallest goes first.

    It is the SHA-256 of ``seed/number``: whoever knows the seed and the protocol numbers draws the same, with any tool.
    """
    return sha256(f"{seed}/{number}".encode()).hexdigest()


def key(*, scheme: Scheme, applicant: Applicant) -> tuple[Any, ...]:
    """Return by what an application is put in order, the draw left out; the smallest goes first."""
    worth = gained(criteria=scheme.criteria, answers=applicant.answers)
    born = applicant.born.toordinal() if applicant.born else 0
    found: dict[str, Any] = {
        "first": not any(one.comes_first for one in worth),
        "resident": not is_resident(scheme=scheme, applicant=applicant),
        "points": -sum(one.points for one in worth),
        # Without an ISEE one comes after everybody who has one.
        "isee": (applicant.isee_cents is None, applicant.isee_cents or 0),
        "older": born,
        "younger": -born,
        "sent": applicant.sent_at,
    }
    return tuple(found[name] for name in scheme.keys)


def is_resident(*, scheme: Scheme, applicant: Applicant) -> bool:
    """Tell whether the child counts as living in the town; where nobody is asked, everybody does."""
    return scheme.residence is None or applicant.answers.get(str(scheme.residence)) == YES


def rank(*, scheme: Scheme, applicants: Iterable[Applicant], seed: str) -> list[Ranked]:
    """
    Draw the lists up: by age group in the order of the rules, each from its first place on; then who is in no list.

    The same applications, rules and seed give the same lists, in whatever order the applications come.
    """
    known = sorted(applicants, key=lambda one: one.number)
    lists = [(group.name, [one for one in known if scheme.group_of(one.born) == group.name]) for group in scheme.groups]
    found = [row for name, members in lists for row in _list(scheme, name, members, seed)]
    outside = [one for one in known if not scheme.group_of(one.born)]
    return found + [_row(scheme, one, "", 0, seed, is_drawn=False, school_id=None) for one in outside]


def _list(scheme: Scheme, name: str, members: Sequence[Applicant], seed: str) -> list[Ranked]:
    keyed = [(key(scheme=scheme, applicant=one), ticket(seed=seed, number=one.number), one) for one in members]
    ordered = sorted(keyed, key=lambda one: one[:2])
    keys = [one[0] for one in ordered]
    drawn = [keys[i] in (*keys[max(0, i - 1) : i], *keys[i + 1 : i + 2]) for i in range(len(keys))]
    given = assign(
        order=[(one.number, one.schools) for _, _, one in ordered],
        free=scheme.places(group=name),
    )
    return [
        _row(scheme, one, name, place, seed, is_drawn=is_drawn, school_id=given.get(one.number))
        for place, ((_, _, one), is_drawn) in enumerate(zip(ordered, drawn, strict=True), 1)
    ]


def _row(
    scheme: Scheme, one: Applicant, group: str, position: int, seed: str, *, is_drawn: bool, school_id: int | None
) -> Ranked:
    worth = gained(criteria=scheme.criteria, answers=one.answers)
    return Ranked(
        number=one.number,
        group=group,
        position=position,
        points=sum(each.points for each in worth),
        is_first=any(each.comes_first for each in worth),
        is_resident=is_resident(scheme=scheme, applicant=one),
        is_drawn=is_drawn,
        ticket=ticket(seed=seed, number=one.number),
        school_id=school_id,
    )
