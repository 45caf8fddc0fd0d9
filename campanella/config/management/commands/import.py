"""``campanella import people``: the register and the balances of the former software."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from campanella.config.command import TownCommand, add_town
from campanella.domains.people import mapped
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town
from campanella.usecases.importing import mapping, people, values
from campanella.usecases.importing.columns import header_of
from campanella.usecases.importing.people import BadLines, Report, TotalsDisagree
from campanella.usecases.importing.table import Declared, Source


class Command(TownCommand):
    help = "Import children, guardians, schools, classes, services and opening balances from one file."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="people|columns")
        what = words.add_parser("people", help="columns and examples: docs/how/import.md")
        what.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, XLS or ODS")
        add_town(what)
        what.add_argument("--dry-run", action="store_true", help="print what would change and every bad line; write nothing")
        what.add_argument("--skip-bad", action="store_true", help="leave bad lines out and import the others")
        what.add_argument("--from", dest="first", type=_day, metavar="DAY", help="first day in class (today)")
        what.add_argument("--sheet", help="of a workbook; the first otherwise")
        what.add_argument("--encoding", help="of a text file; found out otherwise")
        what.add_argument("--separator", help="of a text file: ; , | or tab; found out otherwise")
        what.add_argument("--total-debts", type=_euro, metavar="EURO", help="stop unless the file's debts are this much")
        what.add_argument("--total-credits", type=_euro, metavar="EURO", help="stop unless the file's credits are this much")

        columns = words.add_parser("columns", help="what the columns of the former software hold, said once for every file")
        add_town(columns)
        columns.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="HEADER=COLUMN",
            help="such as “Cod. ass.=Codice”; “Note=” is left out",
        )
        columns.add_argument("--forget", action="append", default=[], metavar="HEADER")

    def work(self, *, town: Town, **options: Any) -> None:
        """Do what the word says."""
        if options["word"] == "columns":
            self._columns(options["set"], options["forget"])
        else:
            self._people(**options)

    def _columns(self, said: list[str], forgotten: list[str]) -> None:
        """Say, forget and list what columns hold."""
        by, now = Software("importazione"), clock.now()
        for text in said:
            header, sign, column = text.partition("=")
            if not sign:
                raise CommandError(f"“{text}”: scrivi INTESTAZIONE=COLONNA, per esempio “Cod. ass.=Codice”.")
            mapping.say(by=by, header=header, column=column, now=now)
        for header in forgotten:
            mapping.forget(by=by, header=header, now=now)
        known = mapped.headers()
        for one in known:
            self.stdout.write(f"{one.written}: {header_of(one.field) if one.field else mapping.LEFT_OUT}")
        if not known:
            self.stdout.write("nessuna colonna: valgono le intestazioni di docs/how/import.md")

    def _people(self, **options: Any) -> None:
        """Preview or import, and print the outcome."""
        separator = "\t" if options["separator"] in ("tab", "\\t") else options["separator"]
        source = Source(options["file"], options["sheet"], options["encoding"], separator, mapped.fields())
        declared = Declared(options["total_debts"], options["total_credits"])
        now = clock.now()
        first = options["first"] or clock.day_of(now)
        asked: dict[str, Any] = {
            "source": source,
            "declared": declared,
            "first": first,
            "today": clock.day_of(now),
            "skip_bad": options["skip_bad"],
        }
        try:
            if options["dry_run"]:
                self._tell(people.preview(**asked), would=True)
            else:
                self._tell(people.run(by=Software("importazione"), now=now, **asked), would=False)
        except (BadLines, TotalsDisagree) as stopped:
            self._tell(stopped.report, would=True)
            raise

    def _tell(self, report: Report, *, would: bool) -> None:
        for problem in report.problems:
            kind = "avviso, " if problem.is_warning else ""
            self.stdout.write(f"riga {problem.line}, {kind}{problem.column}: {problem.reason}")
        if report.ignored:
            self.stdout.write(f"colonne che non conosco e salto: {', '.join(report.ignored)}")
        self.stdout.write(f"{count(report.lines, 'riga', 'righe')}; debiti {report.debts}, crediti {report.credits}")
        if report.skipped_debts.cents or report.skipped_credits.cents:
            self.stdout.write(
                f"di cui nelle righe che non vanno: debiti {report.skipped_debts}, crediti {report.skipped_credits};"
                f" {'con --skip-bad resterebbero' if would else 'sono rimasti'} fuori"
            )
        if report.changes_nothing and not report.bad:
            self.stdout.write("niente da cambiare: nel Comune è già tutto come nel file")
            return
        steps = report.plan.steps
        new, changed = sum(step.is_new for step in steps), sum(step.changes and not step.is_new for step in steps)
        self.stdout.write(
            f"bambini {'da registrare' if would else 'registrati'} {new},"
            f" {'da aggiornare' if would else 'aggiornati'} {changed}, già a posto {len(steps) - new - changed},"
            f" righe che non vanno {len(report.bad)}"
        )
        made = (
            count(len(report.plan.guardians), "genitore", "genitori"), count(len(report.plan.schools), "plesso", "plessi"),
            count(len(report.plan.classes), "classe", "classi"), count(len(report.plan.services), "servizio", "servizi"),
            count(sum(len(step.wishes) for step in steps), "iscrizione", "iscrizioni"),
            count(sum(step.opening is not None for step in steps), "saldo iniziale", "saldi iniziali"),
        )  # fmt: skip
        self.stdout.write(f"{'si aggiungono' if would else 'aggiunti'}: {', '.join(made)}")
        if would and report.bad:
            self.stdout.write("con una riga che non va l’importazione si ferma, se non dici --skip-bad")


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise CommandError(f"--from “{typed}” non è un giorno: scrivi per esempio 2026-09-01.")


def _euro(typed: str) -> Euro:
    try:
        found = values.total(typed)
    except values.Wrong as wrong:
        raise CommandError(f"{typed}: {wrong}.")
    if found is None or found.cents < 0:
        raise CommandError("Un totale si scrive senza meno, per esempio 1234,50.")
    return found
