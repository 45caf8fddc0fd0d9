"""The whole way of an import: read, parse, compare, and write all of it or nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.ledger import holding
from campanella.domains.people import queries as persons
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.importing import known, plan, table
from campanella.usecases.importing.apply import apply
from campanella.usecases.importing.lines import Problem
from campanella.usecases.importing.plan import Plan
from campanella.usecases.importing.table import Declared, Source, Table


class BadLines(Refusal):
    """Lines of the file cannot be taken, so nothing was, or would be; ``report`` has every one."""

    def __init__(self, report: "Report", *, would: bool = False) -> None:
        self.report = report
        outcome = "così com’è non si importa niente" if would else "non è stato importato niente"
        super().__init__(f"{_lines_bad(len(report.bad))}: {outcome}.")


class TotalsDisagree(Refusal):
    """Debts and credits of the file are not those declared: nothing was imported."""

    def __init__(self, message: str, report: "Report") -> None:
        self.report = report
        super().__init__(message)


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


def preview(*, source: Source, declared: Declared, first: date, today: date, skip_bad: bool) -> Report:
    """
    Tell what an import would change, and every bad line; nothing is written.

    :param first: the day from which the file holds
    :param skip_bad: bad lines would be left out
    :raises Unreadable: the file as a whole cannot be taken
    :raises TotalsDisagree: the file's debts and credits are not those declared
    :raises BadLines: a line could not be taken, and ``skip_bad`` was not said
    """
    report, _ = _compare(table.read(source=source, declared=declared, today=today), first=first)
    if report.bad and not skip_bad:
        raise BadLines(report, would=True)
    return report


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
    # A large file takes seconds: they are over before anybody has to wait.
    told = table.read(source=source, declared=declared, today=today)
    # Two imports at once would both find the town without what the other is bringing.
    sql.take_turns("people_import", active_town_id())
    # What a file changes is known only when the whole town has been compared with it, so the whole town is held.
    holding.hold_children(child_ids=persons.child_ids())
    report, before = _compare(told, first=first)
    if report.bad and not skip_bad:
        raise BadLines(report)
    apply(by=by, plan=report.plan, known=before, first=first, file=source.path.name, now=now)
    return report


def _compare(told: Table, *, first: date) -> tuple[Report, known.Known]:
    bad = {problem.line for problem in told.problems if not problem.is_warning}
    before = known.read(first=first)
    planned = plan.make([line for line in told.lines if line.number not in bad], before, first=first)
    everything = sorted([*told.problems, *planned.problems], key=lambda problem: problem.line)
    taken = {step.line.number for step in planned.steps}
    skipped = plan.totals([line for line in told.lines if line.number not in taken])
    report = Report(len(told.lines), planned, everything, told.ignored, *plan.totals(told.lines), *skipped)
    _check_totals(report, told.declared)
    return report, before


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
