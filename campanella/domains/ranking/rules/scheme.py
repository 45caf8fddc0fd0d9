"""The rules of one call's ranking as data: who stands in which list, what gives points, who goes before whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# By what one goes before another; the draw decides what is left, and stands last by itself.
KEYS: dict[str, str] = {
    "first": "casi che vengono prima di tutti",
    "resident": "residenti",
    "points": "più punti",
    "isee": "ISEE più basso",
    "older": "bambino più grande",
    "younger": "bambino più piccolo",
    "sent": "domanda arrivata prima",
}
USUAL_KEYS = ("first", "resident", "points", "isee", "older", "sent")
# How who applies once the final list is published stands behind it.
LATE: dict[str, str] = {
    "received": "in ordine di arrivo",
    "points": "tra loro con le stesse precedenze della graduatoria",
}
MOST_GROUPS, MOST_POINTS = 4, 1000


@dataclass(frozen=True, slots=True)
class Group:
    """An age group, which has a list of its own; both days are of it."""

    name: str
    born_from: date
    born_until: date

    def takes(self, born: date) -> bool:
        """Tell whether a child born on a day is of this group."""
        return self.born_from <= born <= self.born_until


@dataclass(frozen=True, slots=True)
class Seats:
    """
    Places of a structure for an age group.

    :ivar class_group_id: the class of who accepts, None where the office chooses it
    """

    school_id: int
    group: str
    places: int
    class_group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    What an answer to a question of the form is worth.

    :ivar comes_first: before everybody without it, whatever the points: disability, cases of the social services
    """

    part_id: int
    answer: str
    points: int
    comes_first: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """
    The rules of one call.

    :ivar preferences: the questions that ask for a second structure, a third …; the first is the school of every form
    :ivar residence: the question whether the child lives in the town, None where it makes no difference
    :ivar keys: of ``KEYS``, the first one decides first
    :ivar answer_days: until the end of which day a family may answer, counted from the day after the offer
    :ivar refusals: the one that takes an application off the list, 0 for none
    :ivar late: of ``LATE``
    """

    groups: tuple[Group, ...] = ()
    seats: tuple[Seats, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    preferences: tuple[int, ...] = ()
    residence: int | None = None
    keys: tuple[str, ...] = USUAL_KEYS
    answer_days: int = 10
    counts_working_days: bool = False
    refusals: int = 2
    late: str = "received"

    def group_of(self, born: date | None) -> str:
        """Return the name of a child's list, empty where it has none."""
        return next((one.name for one in self.groups if born and one.takes(born)), "")

    def places(self, *, group: str) -> dict[int, int]:
        """Return the places of a group by structure."""
        return {one.school_id: one.places for one in self.seats if one.group == group}

    def class_of(self, *, school_id: int, group: str) -> int | None:
        """Return the class of who accepts a place, None where the office chooses it."""
        return next((one.class_group_id for one in self.seats if (one.school_id, one.group) == (school_id, group)), None)


def as_data(scheme: Scheme) -> dict[str, Any]:
    """Write rules as they are kept: JSON, the same for the same rules."""
    # What is as usual is left out: rules that were written before there was a choice stay the same text.
    late = {} if scheme.late == "received" else {"late": scheme.late}
    return late | {
        "groups": [
            {"name": one.name, "born_from": one.born_from.isoformat(), "born_until": one.born_until.isoformat()}
            for one in scheme.groups
        ],
        "seats": [[one.school_id, one.group, one.places, one.class_group_id] for one in scheme.seats],
        "criteria": [[one.part_id, one.answer, one.points, one.comes_first] for one in scheme.criteria],
        "preferences": list(scheme.preferences),
        "residence": scheme.residence,
        "keys": list(scheme.keys),
        "answer_days": scheme.answer_days,
        "counts_working_days": scheme.counts_working_days,
        "refusals": scheme.refusals,
    }


def read(data: Mapping[str, Any]) -> Scheme:
    """Read rules as they were kept."""
    return Scheme(
        groups=tuple(
            Group(one["name"], date.fromisoformat(one["born_from"]), date.fromisoformat(one["born_until"]))
            for one in data["groups"]
        ),
        seats=tuple(Seats(*one) for one in data["seats"]),
        criteria=tuple(Criterion(*one) for one in data["criteria"]),
        preferences=tuple(data["preferences"]),
        residence=data["residence"],
        keys=tuple(data["keys"]),
        answer_days=data["answer_days"],
        counts_working_days=data["counts_working_days"],
        refusals=data["refusals"],
        late=data.get("late", "received"),
    )


def faults(scheme: Scheme) -> list[str]:
    """Return what does not hold together, in sentences for the office; none where a list can be drawn up."""
    found = []
    names = [one.name for one in scheme.groups]
    if not names:
        found.append("Scrivi almeno una fascia d’età.")
    if len(set(names)) < len(names):
        found.append("Due fasce d’età hanno lo stesso nome.")
    found += [
        f"La fascia {one.name} finisce prima di cominciare." for one in scheme.groups if one.born_until < one.born_from
    ]
    found += [f"Le fasce {a} e {b} si sovrappongono." for a, b in _overlapping(scheme.groups)]
    if len(set(scheme.keys)) < len(scheme.keys):
        found.append("Un criterio di precedenza c’è due volte.")
    if "points" not in scheme.keys:
        found.append("Tra le precedenze mancano i punti.")
    if not any(one.places for one in scheme.seats if one.group in names):
        found.append("Scrivi i posti di almeno una struttura.")
    return found


def _overlapping(groups: Sequence[Group]) -> list[tuple[str, str]]:
    ordered = sorted((one for one in groups if one.born_from <= one.born_until), key=lambda one: one.born_from)
    return [
        (one.name, other.name)
        for number, one in enumerate(ordered)
        for other in ordered[number + 1 :]
        if other.born_from <= one.born_until
    ]
