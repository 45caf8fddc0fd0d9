"""The board of a day: classes summed by school, a column for each diet, what is missing and what changed last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import BoardLine, Change
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services.models import Service
from campanella.usecases import serving

SATURDAY = 5


@dataclass(frozen=True)
class Column:
    """A special menu of the board; the white meal of a child with a diet stands in a column of its own."""

    code: str
    menu: str
    is_white: bool

    @property
    def label(self) -> str:
        """What to cook: "Senza glutine (D1), in bianco"."""
        what = f"{self.menu} ({self.code})" if self.menu else self.code
        return f"{what}, in bianco" if self.is_white else what


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
    """A school: its sum and its classes; ``change`` is set when the last change of the board is its own."""

    sum: Row
    rows: list[Row]
    confirmed: int
    change: Change | None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether every class has confirmed."""
        return self.confirmed == len(self.rows)


@dataclass(frozen=True)
class Board:
    """The numbers of one service on one day; ``service`` is None when nothing is cooked."""

    day: date
    services: list[Service]
    service: Service | None
    columns: list[Column]
    schools: list[SchoolRows]
    sum: Row
    missing: list[BoardLine]
    changes: list[Change]

    @property
    def classes(self) -> int:
        """Classes that are served."""
        return sum(len(school.rows) for school in self.schools)

    @property
    def confirmed(self) -> int:
        """Classes that have confirmed."""
        return self.classes - len(self.missing)

    @property
    def confirmed_meals(self) -> int:
        """Meals, adults included, of the classes that have confirmed."""
        lines = [row.line for school in self.schools for row in school.rows]
        return sum(line.total for line in lines if line and line.is_confirmed)

    @property
    def special(self) -> int:
        """Special menus."""
        return sum(count for _, count in self.sum.diets)

    @property
    def white(self) -> int:
        """White meals, those of children with a diet included."""
        return self.sum.white + sum(count for column, count in self.sum.diets if column.is_white)


def of(*, day: date, service_code: str) -> Board:
    """Return the board of one service, the first that is cooked when the code is of none: five queries."""
    today = serving.on(day=day)
    cooked = today.services(kinds=serving.COOKED)
    service = next((s for s in cooked if s.code == service_code), cooked[0] if cooked else None)
    if service is None:
        return Board(day, [], None, [], [], _sum("", [], []), [], [])
    lines = serving.board(serving=today, service_id=service.pk)
    columns = _columns(lines, day)
    changes = sheets.last_changes(day=day, service_ids=[service.pk])
    return Board(
        day=day,
        services=cooked,
        service=service,
        columns=columns,
        schools=_schools(lines, columns, changes),
        sum=_sum("Tutte le scuole", lines, columns),
        missing=[line for line in lines if not line.is_confirmed],
        changes=changes,
    )


def step(day: date, by: int) -> date:
    """Return the working day before or after a day."""
    there = day + timedelta(days=by)
    while there.weekday() >= SATURDAY:
        there += timedelta(days=by)
    return there


def _columns(lines: Sequence[BoardLine], day: date) -> list[Column]:
    codes = {(code, False) for line in lines for code in line.diets}
    codes |= {(code, True) for line in lines for code in line.white_diets}
    menus = enrolment.menus_served(day=day) if codes else {}
    return [Column(code, menus.get(code, ""), is_white) for code, is_white in sorted(codes)]


def _schools(lines: Sequence[BoardLine], columns: list[Column], changes: Sequence[Change]) -> list[SchoolRows]:
    by_school: dict[int, list[BoardLine]] = {}
    for line in lines:
        by_school.setdefault(line.school_id, []).append(line)
    last = changes[0] if changes else None
    return [
        SchoolRows(
            sum=_sum(of_school[0].school_name, of_school, columns),
            rows=[_sum(line.class_name, [line], columns, line) for line in of_school],
            confirmed=sum(line.is_confirmed for line in of_school),
            change=last if last and last.school_id == school_id else None,
        )
        for school_id, of_school in by_school.items()
    ]


def _sum(name: str, lines: Sequence[BoardLine], columns: list[Column], line: BoardLine | None = None) -> Row:
    diets: Counter[tuple[str, bool]] = Counter()
    for each in lines:
        diets.update({(code, False): count for code, count in each.diets.items()})
        diets.update({(code, True): count for code, count in each.white_diets.items()})
    return Row(
        name=name,
        expected=sum(each.expected for each in lines),
        plain=sum(each.plain for each in lines),
        white=sum(each.white for each in lines),
        diets=[(column, diets[column.code, column.is_white]) for column in columns],
        adults=sum(each.adults for each in lines),
        total=sum(each.total for each in lines),
        line=line,
    )
