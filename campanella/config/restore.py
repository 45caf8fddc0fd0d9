"""
Put a copy of an installation (``backup``) back, into a database without towns and a folder without files.

All or nothing: the rows come in one transaction, with the walls lifted and put up again inside it, and the files get their
place just before it ends.
"""

import json
import shutil
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from campanella import VERSION
from campanella.config.backup import FORMAT, MANIFEST, Manifest, Table
from campanella.foundation.core import sql
from campanella.foundation.core.errors import Refusal
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.catalogue import Catalogue

CHUNK = 1 << 20
JOBS = "procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"


class NotRestored(Refusal):
    """The copy cannot be put back here; nothing was changed."""


def put_back(*, copy: Path, files: Path, migrate: Callable[[], object]) -> Manifest:
    """
    Put everything back; call it as the owner of the tables.

    :param files: the folder of the towns' files, which must be empty or absent
    :param migrate: makes the tables
    :raises NotRestored: the copy is none, or another version's; or this is no empty installation
    """
    try:
        with ZipFile(copy) as kept:
            manifest = _read(kept, copy)
            _check_place(files)
            migrate()
            if tenants.all_towns():
                raise NotRestored("This database holds a town already: restore into an empty one.")
            part = files.with_name(f"{files.name}.part")
            try:
                _unpack(kept, part)
                with transaction.atomic():
                    _load(kept, manifest)
                    shutil.rmtree(files, ignore_errors=True)
                    part.rename(files)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except BadZipFile as failure:
        raise NotRestored(f"{copy} is no copy made by “campanella backup”, or is not whole: {failure}.")
    except OSError as failure:
        raise NotRestored(f"The copy could not be put back: {failure.filename or copy}: {failure.strerror or failure}.")
    return manifest


def _read(kept: ZipFile, copy: Path) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(kept.read(MANIFEST))
        if said["format"] != FORMAT:
            raise NotRestored(f"{copy} was made by Campanella {said['version']}: restore it with that version.")
        said["tables"] = {name: Table(**table) for name, table in said["tables"].items()}
        manifest = Manifest(**said)
    except (KeyError, TypeError, ValueError):
        raise NotRestored(f"{copy} is no copy made by “campanella backup”.")
    if set(manifest.migrations) != our_migrations():
        raise NotRestored(
            f"{copy} was made by Campanella {manifest.version}, whose tables are others than this one’s ({VERSION}): "
            "restore it with that version, then upgrade and run “campanella migrate”."
        )
    return manifest


def our_migrations() -> set[str]:
    """Return what makes the tables of this version, as “app.name”."""
    return {".".join(key) for key in MigrationLoader(None).disk_migrations or {}}


def _check_place(files: Path) -> None:
    if files.exists() and any(files.iterdir()):
        raise NotRestored(f"There are files in {files} already: restore into an empty installation.")


def _unpack(kept: ZipFile, to: Path) -> None:
    """Write the towns' files."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True, mode=0o700)
    for member in kept.infolist():
        place = PurePosixPath(member.filename)
        if place.parts[:1] != ("files",) or member.is_dir():
            continue
        if ".." in place.parts:
            raise NotRestored(f"The copy has a file that leads elsewhere: {member.filename}.")
        target = to.joinpath(*place.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with kept.open(member) as source, target.open("wb") as written:
            shutil.copyfileobj(source, written, CHUNK)


def _load(kept: ZipFile, manifest: Manifest) -> None:
    """Write every row, with the walls lifted for this transaction alone: nobody else sees the tables meanwhile."""
    walled = sorted(Catalogue.read(using="default", role=settings.APPLICATION_ROLE).forced)
    # No town is here, so whatever waits is a worker's own, of the empty installation.
    sql.run(f"truncate {JOBS} cascade")
    sql.run("delete from django_migrations")
    for table in walled:
        sql.run(f"alter table {table} no force row level security")
    for table in manifest.tables:
        sql.run(f"alter table {table} disable trigger user")
    for table in in_order(list(manifest.tables)):
        _load_table(kept, table, manifest.tables[table])
    sql.run("set constraints all immediate")
    for table in manifest.tables:
        sql.run(f"alter table {table} enable trigger user")
    for table in walled:
        sql.run(f"alter table {table} force row level security")
    for sequence, (last, is_called) in manifest.sequences.items():
        sql.rows("select setval(%s::regclass, %s, %s)", [sequence, last, is_called])


def _load_table(kept: ZipFile, table: str, said: Table) -> None:
    names = ", ".join(map(connection.ops.quote_name, said.columns))
    with (
        kept.open(f"tables/{table}") as member,
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({names}) from stdin") as into,
    ):
        while data := member.read(CHUNK):
            into.write(data)
    ((rows,),) = sql.rows(f"select count(*) from {table}")  # noqa: S608  # a table of ours
    if rows != said.rows:
        raise NotRestored(f"The copy is not whole: {table} has {rows} rows, it should have {said.rows}.")


def in_order(tables: list[str]) -> list[str]:
    """Sort tables so that what is referred to comes first; a table may refer to itself."""
    needs: dict[str, set[str]] = {table: set() for table in tables}
    for table, target in sql.rows(_REFERENCES):
        if table in needs and table != target:
            needs[table].add(target)
    return [table for table in TopologicalSorter(needs).static_order() if table in needs]


_REFERENCES = """
select c.relname, t.relname from pg_constraint k
  join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
 where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
"""
