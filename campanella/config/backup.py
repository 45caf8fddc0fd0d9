"""
A copy of a whole installation in one file: every row of the database, every file of the towns.

The file is a zip (docs/operate/backup.md): ``manifest.json``, ``tables/<name>`` as PostgreSQL's COPY writes it, ``files/…``.
It is taken while people work: the database is read in one snapshot, the files before it and once more at its beginning.

Row-level security holds for the owner of the tables too, and is not lifted: each town's rows are read as that town's, the
way its pages read them.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from campanella import VERSION
from campanella.domains.accounts.models import Session, SignInAttempt
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.models import Change
from campanella.foundation.tenants import queries as tenants

FORMAT = 1
MANIFEST = "manifest.json"
# Who is at work or signed in now is nothing to keep: a copy that is stolen, or put back, opens no session. Nor is what has
# changed since a process looked: the transactions of another server are nobody's.
LEFT_OUT = ("procrastinate_workers", Session._meta.db_table, SignInAttempt._meta.db_table, Change._meta.db_table)
# A little compression is most of what there is to gain, at several times the speed.
COMPRESSION = 1


class NotKept(Refusal):
    """The copy could not be made; nothing is left of it."""


@dataclass(frozen=True)
class Table:
    """What the copy holds of one table."""

    columns: list[str]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What a copy says of itself."""

    format: int
    version: str
    taken_at: str
    towns: list[str]
    # As “app.name”, those that had made the tables.
    migrations: list[str]
    tables: dict[str, Table]
    # Sequence → its last number, and whether that one is taken.
    sequences: dict[str, tuple[int, bool]]
    files: int


def take(*, to: Path, files: Path, now: datetime) -> Manifest:
    """
    Copy everything to a new file; call it as the owner of the tables.

    :param files: the folder of the towns' files
    :raises NotKept: the file is there already, or the disk would not take it
    """
    if to.exists():
        raise NotKept(f"{to} is there already: name a new file, nothing is written over.")

    def below(path: Path) -> Path:
        return path.relative_to(files)

    try:
        with new_file(to) as part, ZipFile(part, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as copy:
            kept = add_files(copy, files.rglob("*"), set(), below)
            with transaction.atomic():
                sql.run("set transaction isolation level repeatable read, read only")
                towns = tenants.all_towns()
                # A file that came before the snapshot and not before the first look.
                kept = add_files(copy, files.rglob("*"), kept, below)
                tables = {table: _add_table(copy, table, [town.id for town in towns]) for table in _tables()}
                manifest = Manifest(
                    format=FORMAT,
                    version=VERSION,
                    taken_at=now.isoformat(),
                    towns=[town.slug for town in towns],
                    migrations=applied_migrations(),
                    tables=tables,
                    sequences=_sequences(),
                    files=len(kept),
                )
            copy.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    except OSError as failure:
        raise NotKept(f"The copy could not be written to {to}: {failure.strerror or failure}. Nothing is left of it.")
    return manifest


def applied_migrations() -> list[str]:
    """Return what has made the tables, as “app.name”."""
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


@contextmanager
def new_file(to: Path) -> Iterator[Path]:
    """Give a file for its owner only, that gets its name once it is whole and on the disk."""
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        try:
            os.link(part, to)  # unlike a renaming, it writes over nothing
        except (PermissionError, NotImplementedError):  # a disk that knows no second names
            part.rename(to)
    finally:
        part.unlink(missing_ok=True)


def add_files(copy: ZipFile, found: Iterable[Path], kept: set[Path], called: Callable[[Path], PurePath | str]) -> set[Path]:
    """
    Add the files that are not yet kept; return all that are.

    :param called: the name of one below ``files/``
    """
    added = set()
    for path in sorted({path for path in found if path.is_file()} - kept):
        try:
            copy.write(path, f"files/{called(path)}")
        except FileNotFoundError:
            continue  # deleted meanwhile, as its row will be
        added.add(path)
    return kept | added


def _add_table(copy: ZipFile, table: str, towns: list[int]) -> Table:
    """Add a table's rows; a town's rows are seen while the town is named, what belongs to no town while none is."""
    columns = columns_of(table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    chosen = f"select {names} from {connection.ops.quote_name(table)}"  # noqa: S608  # names out of the catalogue
    rows, of_towns = 0, "municipality_id" in columns
    with copy.open(f"tables/{table}", "w", force_zip64=True) as member:
        for town in [None, *towns] if of_towns else [None]:
            sql.run("select set_config('app.town', %s, true)", ["" if town is None else str(town)])
            which = f" where municipality_id is not distinct from {town or 'null'}" if of_towns else ""
            with connection.cursor() as cursor, cursor.copy(f"copy ({chosen}{which}) to stdout") as out:
                for data in out:
                    member.write(data)
                    rows += bytes(data).count(b"\n")
    return Table(columns, rows)


def _tables() -> list[str]:
    return [name for (name,) in sql.rows(_TABLES) if name not in LEFT_OUT]


def columns_of(table: str) -> list[str]:
    """Return the columns of a table that are written, in order."""
    return [name for (name,) in sql.rows(_COLUMNS, [table])]


def _sequences() -> dict[str, tuple[int, bool]]:
    names = [name for (name,) in sql.rows("select sequencename from pg_sequences where schemaname = 'public' order by 1")]
    values: dict[str, tuple[int, bool]] = {}
    for name in names:
        last: Any = sql.rows(f"select last_value, is_called from {connection.ops.quote_name(name)}")  # noqa: S608
        values[name] = last[0]
    return values


_TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"

_COLUMNS = """
select attname from pg_attribute
 where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""
