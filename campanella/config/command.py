"""
What every command shares: exit status 0, or not 0 with one sentence on stderr.

``TownCommand`` opens the scope of ``--town T`` around ``work``; expected failures become their sentence, never a traceback.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.checks import run_checks
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser, handle_default_options
from django.db import DatabaseError, InternalError, NotSupportedError, OperationalError, ProgrammingError, connections
from psycopg import errors

from campanella.config import checks
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.queries import Town

MIGRATE = "Run “campanella migrate” first."


class OperatorCommand(BaseCommand):
    """A command that fails with one sentence."""

    requires_system_checks: Sequence[str] = []  # type: ignore[assignment]  # django-stubs knows only "__all__"
    pool: dict[str, Any] | None = None

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run, turning every expected failure into a ``CommandError`` with its sentence."""
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OperationalError as failure:
            raise CommandError(_why_not(failure)) from failure
        except InternalError as failure:
            if not isinstance(failure.__cause__, errors.ReadOnlySqlTransaction):
                raise
            raise CommandError(_why_not(failure)) from failure
        except NotSupportedError as failure:
            raise CommandError(f"This PostgreSQL is too old: {_first_line(failure)}") from failure
        except ProgrammingError as failure:
            if not isinstance(
                failure.__cause__, errors.UndefinedTable | errors.UndefinedColumn | errors.InsufficientPrivilege
            ):
                raise
            raise CommandError(
                f"The database is not as this version needs it: {_first_line(failure)}. {MIGRATE}"
            ) from failure

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the command line: unlike Django's, every failure is one sentence, a wrong argument's too."""
        show_traceback = "--traceback" in argv
        became = "the work stopped there, and what was not finished is undone"
        try:
            options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
            words = options.pop("args", ())
            handle_default_options(argparse.Namespace(**options))
            # A command is alone: it connects by itself, and a failure says its reason at once, not after a pool's patience.
            self.pool = _database_options().pop("pool", None)
            self.execute(*words, **options)
            became = "the work itself is done"
            sys.stdout.flush()
        except BrokenPipeError:
            self.stderr.write(f"The output is not read to its end; {became}.")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python's own flush complains too
            sys.exit(1)
        except CommandError as failure:
            if show_traceback:
                raise
            self.stderr.write(str(failure).removeprefix("Error: "))
            sys.exit(failure.returncode)
        finally:
            connections.close_all()
            self.give_pool_back()

    def give_pool_back(self) -> None:
        """Keep connections for the threads of a process that stays."""
        if self.pool:
            _database_options()["pool"] = self.pool


class ProcessCommand(OperatorCommand):
    """A command that stays: it refuses to start when an installation's checks find an error."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then stay, with as many connections as there are threads."""
        found = run_checks(tags=[checks.START], databases=["default"])
        wrong = [f"{message.msg} {message.hint} ({message.id})" for message in found if message.is_serious()]
        if wrong:
            raise CommandError(" ".join(wrong))
        connections.close_all()
        self.give_pool_back()
        self.stay()

    def stay(self) -> None:
        """Do the work until told to stop."""
        raise NotImplementedError


class TownCommand(OperatorCommand):
    """A command that works for one town, named by ``--town``."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--town``; subclasses with subcommands declare it on each."""
        add_town(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the town's scope around the work."""
        town = tenants.town_by_slug(slug=options.pop("town"))
        with scope(town.id):
            self.work(town=town, **options)

    def work(self, *, town: Town, **options: Any) -> None:
        """Do the work of the command inside the town's scope."""
        raise NotImplementedError


def add_town(parser: argparse.ArgumentParser) -> None:
    """Declare ``--town T``."""
    parser.add_argument("--town", required=True, metavar="T", help="short name of the town, such as aosta")


def towns_named(slug: str | None) -> list[Town]:
    """Return the town with this short name, or all of them."""
    return [tenants.town_by_slug(slug=slug)] if slug else tenants.all_towns()


def count(number: int, noun: str) -> str:
    """Write how many there are, in the plural where there are others than one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _why_not(failure: DatabaseError) -> str:
    """Say in one sentence why the database would not; what a mistake of ours is, nobody says here."""
    words, cause = _first_line(failure), failure.__cause__
    if isinstance(cause, errors.LockNotAvailable):
        return (
            "Somebody is at work on what must change, and did not let go in time: nothing is half done, the pages go on. "
            "Run it again when the long work (a backup, an import, an audit) is over."
        )
    if isinstance(cause, errors.ReadOnlySqlTransaction):
        return f"The database takes no writing now: {words}"
    if isinstance(cause, errors.DiskFull):
        return f"The database's disk is full: {words}"
    if isinstance(cause, errors.QueryCanceled):
        return f"The database was too slow: {words}"
    if "FATAL:  role" in words or "permission denied to set role" in words or "permission denied for database" in words:
        return f"The database does not let us in: {words}. {MIGRATE}"
    return f"The database does not answer: {words}"


def _database_options() -> dict[str, Any]:
    options: dict[str, Any] = connections["default"].settings_dict["OPTIONS"]
    return options


def _first_line(failure: Exception) -> str:
    return (str(failure).strip().splitlines() or ["no reason given"])[0]


@contextmanager
def whole_file(target: Path, *, hint: str = "") -> Iterator[BinaryIO]:
    """
    Write a file whole or not at all: what somebody is handed must not end in the middle.

    :param hint: said after the reason why it cannot be written
    :raises CommandError: it cannot
    """
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("wb") as stream:
            yield stream
        beside.replace(target)
    except OSError as problem:
        raise CommandError(f"{target} cannot be written: {problem.strerror}.{hint}") from problem
    finally:
        beside.unlink(missing_ok=True)


def content_of(file: Path) -> bytes:
    """
    Read a file that somebody named.

    :raises CommandError: it cannot be read
    """
    try:
        return file.read_bytes()
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
