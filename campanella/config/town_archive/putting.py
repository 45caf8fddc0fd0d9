"""
Put the archive of a town into an installation, as a new town beside those that are there.

All or nothing, in one transaction behind the new town's walls. The town and the messages of pagoPA get numbers of this
installation. Every other row keeps its own: keys begin with the town, so that nobody else has it, and what names a row (the
keys of facts, the audit trail, the seals of the book) stays true.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from stdnum import luhn

from campanella import VERSION
from campanella.config.backup import Table, columns_of
from campanella.config.restore import CHUNK, our_migrations
from campanella.config.town_archive import content, emptying
from campanella.config.town_archive.content import Manifest
from campanella.foundation.core import changes, clock, sql
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import operations
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.queries import Town

# What the creation of a town has said of the new house is kept: where money and mail go there.
OF_ITS_CREATION = ("iban", "pagopa_segregation", "office_email")
BY = Software("Installazione")
# No house has given a number as high: one that came with it would leave no room for those that follow.
MOST = 10**15
ANOTHERS = "{} was made by Campanella {}, whose tables are others than this one’s ({}): import it with that version."


class NotPut(Refusal):
    """The archive cannot be put in here; nothing was changed."""


@dataclass(frozen=True)
class Put:
    """What was put in, and where; whether the tax code only stands in for the town's own, which another town here has."""

    manifest: Manifest
    town: Town
    is_stand_in: bool


def put(*, archive: Path, slug: str, hosts: Sequence[str], tax_code: str, files: Path, now: datetime) -> Put:
    """
    Make a town of an archive; call it as the owner of the tables.

    :param slug: of a town that is not there yet, or of one that “town create” has just made
    :param tax_code: of the new town; empty is the archive's, or one that stands in for it where that is taken
    :param files: the folder of the towns' files
    :raises NotPut: it is no archive, not whole or another version's; or the name is not free
    :raises CannotCreateTown: the tax code or a host is wrong or taken
    """
    try:
        with ZipFile(archive) as kept:
            manifest = _read(kept, archive)
            with transaction.atomic():
                town, choices = _place(manifest, slug, hosts, tax_code)
                with scope(town.id), _files(kept, files, town.id) as written:
                    _load(kept, manifest, town.id)
                    if written != manifest.files:
                        raise NotPut(f"The archive is not whole: it has {written} files, it should have {manifest.files}.")
                    taken_on = clock.day_of(datetime.fromisoformat(manifest.taken_at))
                    operations.take_over(by=BY, choices=choices, taken_on=taken_on, now=now)
    except BadZipFile as failure:
        raise NotPut(f"{archive} is no archive made by “campanella town export”, or is not whole: {failure}.")
    except OSError as failure:
        raise NotPut(f"The archive could not be read: {failure.filename or archive}: {failure.strerror or failure}.")
    except (psycopg.DataError, DataError, IntegrityError) as failure:
        said = str(failure).strip().splitlines()[0]
        raise NotPut(f"The archive was changed after it was made, its rows do not hold together: {said}.")
    town = tenants.town_by_slug(slug=slug)
    return Put(manifest, town, is_stand_in=not tax_code and town.tax_code != manifest.town["tax_code"])


def _read(kept: ZipFile, archive: Path) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(kept.read(content.MANIFEST))
        if said["kind"] != content.KIND:
            raise KeyError("kind")
        if said["format"] != content.FORMAT:
            raise NotPut(ANOTHERS.format(archive, said["version"], VERSION))
        said["tables"] = {name: Table(**table) for name, table in said["tables"].items()}
        manifest = Manifest(**said)
        columns = {name: sorted(map(str, table.columns)) for name, table in manifest.tables.items()}
    except (KeyError, TypeError, ValueError):
        raise NotPut(f"{archive} is no archive made by “campanella town export”.")
    if set(manifest.migrations) != our_migrations() or set(manifest.tables) != set(content.tables()):
        raise NotPut(ANOTHERS.format(archive, manifest.version, VERSION))
    if columns != {table: _written(table) for table in content.tables()}:
        raise NotPut(f"{archive} was changed after it was made: its manifest names columns that its tables do not have.")
    return manifest


def _written(table: str) -> list[str]:
    """Return the columns that an archive holds of a table: their names become part of statements, no other may."""
    return sorted(name for name in columns_of(table) if name != "municipality_id")


def _place(manifest: Manifest, slug: str, hosts: Sequence[str], tax_code: str) -> tuple[Town, dict[str, Any]]:
    """Return the new town, and what it is to choose."""
    known = next((town for town in tenants.all_towns() if town.slug == slug), None)
    if known:
        if not emptying.is_as_created(town_id=known.id):
            raise NotPut(f"There is a town “{slug}” already, with people and facts in it: name a new one.")
        emptying.empty(town_id=known.id)
        return known, manifest.town["choices"] | {name: known.stored[name] for name in OF_ITS_CREATION}
    town = operations.create_town(
        slug=slug,
        name=manifest.town["name"],
        tax_code=tax_code or _free_tax_code(manifest.town["tax_code"]),
        province=manifest.town["province"],
        hosts=list(hosts),
        choices={},
    )
    return town, manifest.town["choices"]


def _free_tax_code(wanted: str) -> str:
    """Return the town's own tax code, or where a town of this house has it one that nobody has: pagoPA never asks for it."""
    taken = {town.tax_code for town in tenants.all_towns()}
    if wanted not in taken:
        return wanted
    numbers = (f"{9_999_999 - number}999" for number in count())
    return next(code for number in numbers if (code := number + luhn.calc_check_digit(number)) not in taken)


def _load(kept: ZipFile, manifest: Manifest, town_id: int) -> None:
    sql.run("create temporary table town_archive_line (line json) on commit drop")
    sql.run("create temporary table town_archive_message (old bigint primary key, new bigint) on commit drop")
    for table in content.tables():
        said = manifest.tables[table]
        _stage(kept, table)
        if table == content.INBOUND:
            sql.run(_RENUMBERED, [content.INBOUND])
        rows = sql.run(_filled(table, said.columns), {"town": town_id})
        if rows != said.rows:
            raise NotPut(f"The archive is not whole: {table} has {rows} rows, it should have {said.rows}.")
    sql.run("set constraints all immediate")
    # Nobody has looked at this town yet: there is nothing to tell anybody.
    changes.forget_all()
    for table in content.tables():
        _move_on(table, town_id)


def _stage(kept: ZipFile, table: str) -> None:
    """Let the lines of a table flow into the database as they are."""
    sql.run("truncate town_archive_line")
    with (
        kept.open(f"tables/{table}.jsonl") as member,
        connection.cursor() as cursor,
        cursor.copy(f"copy town_archive_line from stdin {content.COPY_LINES}") as into,
    ):
        while data := member.read(CHUNK):
            into.write(data)


def _filled(table: str, columns: list[str]) -> str:
    """Return the statement that makes rows of the lines that wait."""
    names, values = [], []
    for name in columns:
        quoted = connection.ops.quote_name(name)
        names.append(quoted)
        values.append(_value(table, name, quoted))
    return (
        f"insert into {table} (municipality_id, {', '.join(names)})"  # noqa: S608  # names of our tables
        f" select %(town)s, {', '.join(values)} from town_archive_line,"
        f" lateral json_populate_record(null::{table}, line) r"
    )


def _value(table: str, name: str, quoted: str) -> str:
    if name in content.files_named_in().get(table, ()):
        return f"regexp_replace(r.{quoted}, '^([a-z_]+)/', '\\1/' || %(town)s || '/')"
    if (table, name) == (content.INBOUND, "id"):
        return "(select new from town_archive_message m where m.old = r.id)"
    if (table, name) == (content.RECEIPTS, "message_id"):
        return "coalesce((select new from town_archive_message m where m.old = r.message_id), r.message_id)"
    return f"r.{quoted}"


def _move_on(table: str, town_id: int) -> None:
    """Let new rows of this house begin after those that came, so that a number is not given twice in the town."""
    ((sequence,),) = sql.rows("select pg_get_serial_sequence(%s, 'id')", [table])
    ((highest,),) = sql.rows(f"select coalesce(max(id), 0) from {table} where municipality_id = %s", [town_id])  # noqa: S608
    if highest > MOST:
        raise NotPut(f"The archive was changed after it was made: {table} has a row with the number {highest}.")
    if sequence and highest:
        sql.rows(f"select setval(%s, %s) from {sequence} where last_value < %s", [sequence, highest, highest])  # noqa: S608


@contextmanager
def _files(kept: ZipFile, files: Path, town_id: int) -> Iterator[int]:
    """Write the town's files, and take them away again when the rest does not succeed."""
    folders: set[Path] = set()
    try:
        written = 0
        for member in kept.infolist():
            place = PurePosixPath(member.filename)
            if place.parts[:1] != ("files",) or member.is_dir():
                continue
            if len(place.parts) != 3 or ".." in place.parts:
                raise NotPut(f"The archive has a file that leads elsewhere: {member.filename}.")
            folder = files / place.parts[1] / str(town_id)
            folders.add(folder)
            folder.mkdir(parents=True, exist_ok=True)
            with kept.open(member) as source, (folder / place.parts[2]).open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
            written += 1
        yield written
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise


_RENUMBERED = """
insert into town_archive_message
select (line->>'id')::bigint, nextval(pg_get_serial_sequence(%s, 'id')) from town_archive_line
"""
