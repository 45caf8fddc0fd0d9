"""The rows of a board: classes summed by kitchen, school and shift, with a column for each special menu."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from campanella.domains.attendance.queries import BoardLine, MenuKey
from campanella.domains.cooking.rules import Special
from campanella.readings.kitchen.changes import Change

K = TypeVar("K")


WHITE = MenuKey("", is_white=True, is_packed=False)


@dataclass(frozen=True)
class Column:
    """What is cooked apart, and stands in a column of its own; only the white meal of no diet has one on every board."""

    key: MenuKey
    special: Special

    @property
    def label(self) -> str:
        """What to cook: "Senza glutine (D1), in bianco", "Al sacco"."""
        return self.special.label[:1].upper() + self.special.label[1:]


@dataclass(frozen=True)
class Row:
    """Numbers of one class, of one school or of all of them; ``diets`` follows the board's columns."""

    name: str
    expected: int
    plain: int
    white: int
    diets: list[tuple[Column, int]]
    adults: int
    total: int
    line: BoardLine | None = None


@dataclass(frozen=True)
class SchoolRows:
    """
    A school, or one shift of it: its sum and its classes.

    :ivar shift: 0 where the school knows no shifts
    :ivar change: set when the last change of the board is of one of these classes
    :ivar is_called: its classes are confirmed by a roll-call; where meals are booked, the cut-off does it
    """

    school_id: int
    shift: int
    lines: tuple[BoardLine, ...]
    columns: list[Column]
    change: Change | None
    is_called: bool

    @cached_property
    def sum(self) -> Row:
        """Its numbers."""
        return summed(self.lines[0].school_name, self.lines, self.columns)

    @cached_property
    def rows(self) -> list[Row]:
        """Its classes: made when they are shown."""
        return [summed(line.class_name, [line], self.columns, line) for line in self.lines]

    @property
    def classes(self) -> int:
        """How many classes it has."""
        return len(self.lines)

    @property
    def confirmed(self) -> int:
        """How many have confirmed."""
        return sum(line.is_confirmed for line in self.lines)

    @property
    def name(self) -> str:
        """As the kitchen says it: "Primaria Rodari, 2° turno"."""
        school = self.lines[0].school_name
        return f"{school}, {self.shift}° turno" if self.shift else school

    @property
    def is_confirmed(self) -> bool:
        """Tell whether every class has confirmed."""
        return self.confirmed == self.classes


@dataclass(frozen=True)
class KitchenRows:
    """A kitchen: its sum and the schools it cooks for; without a name where the town names none."""

    name: str
    schools: list[SchoolRows]
    columns: list[Column]
    is_frozen: bool

    @cached_property
    def sum(self) -> Row:
        """Its numbers: shown where there is another kitchen."""
        return summed(self.name, [line for school in self.schools for line in school.lines], self.columns)

    @property
    def id(self) -> int:
        """It is known on a page by the first school it cooks for."""
        return self.schools[0].school_id


def columns_of(lines: Sequence[BoardLine], menus: Mapping[str, str]) -> list[Column]:
    """
    Return a column for each special menu of a board.

    :param menus: what to serve, by code
    """
    keys = {key for line in lines for key in line.menus if key != WHITE}
    columns = (Column(key, Special(key.code, menus.get(key.code, ""), key.is_white, key.is_packed)) for key in keys)
    return sorted(columns, key=lambda column: column.special.order)


def kitchens_of(
    lines: Sequence[BoardLine],
    columns: list[Column],
    changes: Sequence[Change],
    layout: tuple[Mapping[int, str], Mapping[int, int]],
    *,
    frozen: set[int],
    called: set[int],
) -> list[KitchenRows]:
    """
    Group the lines as meals are cooked and brought.

    :param layout: the kitchen's name by school, and the shift by class
    :param frozen: classes whose numbers are frozen
    :param called: schools whose classes are confirmed by a roll-call
    """
    kitchens, shifts = layout
    # Schools without a kitchen of their own come last, under no name.
    cooked_in = {line.school_id: kitchens.get(line.school_id, "") for line in lines}
    ordered = sorted(lines, key=lambda line: (not cooked_in[line.school_id], cooked_in[line.school_id]))
    last = changes[0] if changes else None
    return [
        KitchenRows(
            name=name or "Altre scuole",
            columns=columns,
            schools=_schools(of_kitchen, columns, shifts, last, called),
            is_frozen=all(line.class_group_id in frozen for line in of_kitchen),
        )
        for name, of_kitchen in _grouped(ordered, lambda line: cooked_in[line.school_id])
    ]


def _schools(
    lines: Sequence[BoardLine],
    columns: list[Column],
    shifts: Mapping[int, int],
    last: Change | None,
    called: set[int],
) -> list[SchoolRows]:
    ordered = sorted(lines, key=lambda line: (line.school_name, line.school_id, shifts.get(line.class_group_id, 0)))
    return [
        SchoolRows(
            school_id=school_id,
            shift=shift,
            lines=tuple(together),
            columns=columns,
            change=last if last and last.class_group_id in {line.class_group_id for line in together} else None,
            is_called=school_id in called,
        )
        for (school_id, shift), together in _grouped(
            ordered, lambda line: (line.school_id, shifts.get(line.class_group_id, 0))
        )
    ]


def _grouped(lines: Sequence[BoardLine], key: Callable[[BoardLine], K]) -> list[tuple[K, list[BoardLine]]]:
    return [(name, list(together)) for name, together in groupby(lines, key=key)]


def summed(name: str, lines: Sequence[BoardLine], columns: list[Column], line: BoardLine | None = None) -> Row:
    """Sum lines into a row of a board: one pass, for a city has hundreds of them."""
    expected = eating = adults = 0
    menus: dict[MenuKey, int] = {}
    for each in lines:
        expected += each.expected
        eating += each.eating
        adults += each.adults
        for key, count in each.menus.items():
            menus[key] = menus.get(key, 0) + count
    return Row(
        name=name,
        expected=expected,
        plain=eating - sum(menus.values()),
        white=menus.get(WHITE, 0),
        diets=[(column, menus.get(column.key, 0)) for column in columns],
        adults=adults,
        total=eating + adults,
        line=line,
    )
