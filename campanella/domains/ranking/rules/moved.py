"""What has moved between two lists of one call, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where an application stood in a list, and what decided of it.

    :ivar worth: points by what was answered, as the family reads them
    :ivar isee: as it is written, empty without one
    :ivar drawn: what it has drawn, where only the draw has put it before or behind a neighbour
    """

    number: str
    group: str
    position: int
    points: int
    is_first: bool
    is_resident: bool
    worth: Mapping[str, int]
    isee: str
    school: str
    drawn: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Move:
    """An application that stands elsewhere than before; None where it was not, or is no more, in the list."""

    number: str
    before: Standing | None
    after: Standing | None
    why: tuple[str, ...]


def moved(*, before: Sequence[Standing], after: Sequence[Standing], by_other_rules: bool = False) -> list[Move]:
    """
    Return what stands elsewhere, or in the same place for another reason, in the later list's order; then who left.

    :param by_other_rules: the later list was made by other rules than the one before
    """
    then, now = ({one.number: one for one in rows} for rows in (before, after))
    found = [Move(one.number, then.get(one.number), one, _why(then.get(one.number), one, by_other_rules)) for one in after]
    gone = [Move(one.number, one, None, ("non è più in graduatoria",)) for one in before if one.number not in now]
    return [one for one in found if one.before != one.after] + gone


def _why(before: Standing | None, after: Standing, by_other_rules: bool) -> tuple[str, ...]:
    if before is None:
        return ("è entrata in graduatoria",)
    said = [
        *([f"fascia: {before.group or 'nessuna'} → {after.group or 'nessuna'}"] if before.group != after.group else []),
        *_worth(before.worth, after.worth),
        *([f"ISEE: {before.isee or 'nessuno'} → {after.isee or 'nessuno'}"] if before.isee != after.isee else []),
        *(["viene prima di tutti"] if after.is_first and not before.is_first else []),
        *(["non viene più prima di tutti"] if before.is_first and not after.is_first else []),
        *(["ora conta come residente"] if after.is_resident and not before.is_resident else []),
        *(["non conta più come residente"] if before.is_resident and not after.is_resident else []),
    ]
    if not said and before.position != after.position:
        said += ["sono cambiate le regole"] if by_other_rules else []
        said += ["il sorteggio è un altro"] if before.drawn and after.drawn and before.drawn != after.drawn else []
        said = said or ["si sono mosse altre domande"]
    if before.school != after.school:
        said.append(f"posto: {before.school or 'in attesa'} → {after.school or 'in attesa'}")
    return tuple(said)


def _worth(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    labels = [*before, *(label for label in after if label not in before)]
    changed = [label for label in labels if before.get(label) != after.get(label)]
    return [f"{label}: {before.get(label, 0)} → {after.get(label, 0)} punti" for label in changed]
