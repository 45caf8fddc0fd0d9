"""The whole way of an import: read, parse, compare, and write all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.importing import columns, known, lines, plan, reading, values
from campanella.usecases.importing.apply import apply
from campanella.usecases.importing.cells import Row, Unreadable
from campanella.usecases.importing.columns import Columns
from campanella.usecases.importing.lines import ChildLine, Problem
from campanella.usecases.importing.plan import Plan

# A title may stand above the table.
TITLE_ROWS = 15


class BadLines(Refusal):
    """Lines of the file cannot be taken, so nothing was; ``report`` has every one."""

    def __init__(self, report: "Report") -> None:
        self.report = report
        super().__init__(f"{_lines_bad(len(report.bad))}: non è stato importato niente.")


class TotalsDisagree(Refusal):
    """Debts and credits of the file are not those declared: nothing was imported."""

    def __init__(self, message: str, report: "Report") -> None:
        self.report = report
        super().__init__(message)


@dataclass(frozen=True)
class Source:
    """A file, and what the operator says about it."""

    path: Path
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True)
class Declared:
    """Control totals, both positive; ``balance`` is credits less debts. None was not declared."""

    debts: Euro | None = None
    credits: Euro | None = None
    balance: Euro | None = None


@dataclass(frozen=True)
class Report:
    """What an import changed, or would; ``debts`` and ``credits`` are the file's, ``skipped_…`` those of its bad lines."""

    lines: int
    plan: Plan
    problems: list[Problem]
    ignored: tuple[str, ...]
    debts: Euro
    credits: Euro
    skipped_debts: Euro
    skipped_credits: Euro

    @property
    def bad(self) -> set[int]:
        """The numbers of the lines that cannot be taken."""
        return {problem.line for problem in self.problems if not problem.is_warning}

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the town is as the file says already."""
        return not any(step.changes for step in self.plan.steps) and not self.plan.contacts


def preview(*, source: Source, declared: Declared, first: date, today: date) -> Report:
    """
    Tell what an import would change, and every bad line; nothing is written.

    :param first: the day from which the file holds
    :raises Unreadable: the file as a whole cannot be taken
    :raises TotalsDisagree: the file's debts and credits are not those declared
    """
    return _compare(source=source, declared=declared, first=first, today=today)[0]


@use_case
def run(*, by: Actor, source: Source, declared: Declared, first: date, today: date, skip_bad: bool, now: datetime) -> Report:
    """
    Import a file, all of it or nothing; a second run changes nothing.

    :param first: the day from which classes and subscriptions hold
    :param skip_bad: leave bad lines out and take the others
    :raises Unreadable: the file as a whole cannot be taken
    :raises TotalsDisagree: the file's debts and credits are not those declared
    :raises BadLines: a line cannot be taken, and ``skip_bad`` was not said
    """
    # Two imports at once would both find the town without what the other is bringing.
    sql.take_turns("people_import", active_town_id())
    report, before = _compare(source=source, declared=declared, first=first, today=today)
    if report.bad and not skip_bad:
        raise BadLines(report)
    apply(by=by, plan=report.plan, known=before, first=first, file=source.path.name, now=now)
    return report


def _compare(*, source: Source, declared: Declared, first: date, today: date) -> tuple[Report, known.Known]:
    found = reading.rows(source.path, sheet=source.sheet, encoding=source.encoding, separator=source.separator)
    headers, rows = _headers(found)
    read: list[ChildLine] = []
    good: list[ChildLine] = []
    problems: list[Problem] = []
    for row in rows:
        if _is_total(row, headers):
            declared = _declared_by(row, headers, declared)
            continue
        line, wrong = lines.parse(row, headers, today=today)
        problems += wrong
        read.append(line)
        if all(problem.is_warning for problem in wrong):
            good.append(line)
    if not read:
        raise Unreadable("Il file ha le intestazioni e nessuna riga.")
    before = known.read(first=first)
    planned = plan.make(good, before, first=first)
    everything = sorted([*problems, *planned.problems], key=lambda problem: problem.line)
    taken = {step.line.number for step in planned.steps}
    skipped = plan.totals([line for line in read if line.number not in taken])
    report = Report(len(read), planned, everything, headers.ignored, *plan.totals(read), *skipped)
    _check_totals(report, declared)
    return report, before


def _headers(found: Iterable[Row]) -> tuple[Columns, Iterable[Row]]:
    rows = iter(found)
    above: list[Row] = []
    for row in rows:
        if columns.looks_like_headers(row.cells):
            return columns.recognise(row.cells), rows
        above.append(row)
        if len(above) == TITLE_ROWS:
            break
    return columns.recognise(above[0].cells), rows


def _is_total(row: Row, headers: Columns) -> bool:
    first = next((cell for cell in row.cells if cell is not None and cell != ""), None)
    is_child = any(headers.cell(row.cells, name) not in (None, "", first) for name in ("given_name", "class_name"))
    return columns.folded(first).startswith("total") and not is_child


def _declared_by(row: Row, headers: Columns, declared: Declared) -> Declared:
    try:
        debts, credits, balance = (values.total(headers.cell(row.cells, name)) for name in ("debt", "credit", "balance"))
    except values.Wrong as wrong:
        raise Unreadable(f"Riga {row.number}, il totale: {wrong}.")
    return Declared(declared.debts or debts, declared.credits or credits, declared.balance or balance)


def _lines_bad(number: int) -> str:
    return "Una riga non va" if number == 1 else f"{number} righe non vanno"


def _check_totals(report: Report, declared: Declared) -> None:
    compared = (
        ("I debiti", report.debts, declared.debts),
        ("I crediti", report.credits, declared.credits),
        ("I crediti meno i debiti", report.credits - report.debts, declared.balance),
    )
    for what, found, said in compared:
        if said is not None and said != found:
            raise TotalsDisagree(
                f"{what} nelle righe fanno {found}, il totale dichiarato dice {said}: non è stato importato niente.", report
            )
