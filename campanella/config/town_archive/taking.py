"""
Take one town out into a file: every row and every file of it, as they are at one moment, while people work.

Rows are read as the town, behind its walls: nothing of a neighbour can come along. Table by table they flow from the
database into the file; no more than a piece of one is ever in memory.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, transaction

from campanella import VERSION
from campanella.config.backup import COMPRESSION, NotKept, Table, add_files, applied_migrations, columns_of, new_file
from campanella.config.town_archive import content
from campanella.config.town_archive.content import Manifest
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Software
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import operations
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.queries import Town

BY = Software("Installazione")
WAITING = """
select count(*) from procrastinate_jobs where status in ('todo', 'doing') and (args->>'town')::int = %s
"""


def take(*, town: Town, to: Path, files: Path, with_passwords: bool, now: datetime) -> Manifest:
    """
    Write the archive of a town to a new file; call it as the owner of the tables, in no transaction.

    :param files: the folder of the towns' files
    :param with_passwords: the hashes of passwords and PINs go along
    :raises NotKept: the file is there already, or the disk would not take it
    """
    if to.exists():
        raise NotKept(f"{to} is there already: name a new file, nothing is written over.")
    left = content.WITHOUT_KEYS | ({} if with_passwords else content.WITHOUT_PASSWORDS)
    try:
        with new_file(to) as part, ZipFile(part, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
            kept = add_files(archive, files.glob(f"*/{town.id}/*"), set(), _without_town)
            with transaction.atomic():
                sql.run("set transaction isolation level repeatable read, read only")
                sql.run("select set_config('app.town', %s, true)", [str(town.id)])
                said = next(one for one in tenants.all_towns() if one.id == town.id)
                # A file that came before the snapshot and not before the first look.
                kept = add_files(archive, files.glob(f"*/{town.id}/*"), kept, _without_town)
                manifest = Manifest(
                    kind=content.KIND,
                    format=content.FORMAT,
                    version=VERSION,
                    taken_at=now.isoformat(),
                    town={
                        "slug": said.slug,
                        "name": said.name,
                        "tax_code": said.tax_code,
                        "province": said.province,
                        "choices": dict(said.stored),
                    },
                    with_passwords=with_passwords,
                    migrations=applied_migrations(),
                    tables={table: _add(archive, table, town.id, left.get(table, {}), now) for table in content.tables()},
                    files=len(kept),
                )
            archive.writestr(content.MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    except OSError as failure:
        raise NotKept(f"The archive could not be written to {to}: {failure.strerror or failure}. Nothing is left of it.")
    with scope(town.id):
        operations.note_archive(by=BY, now=now)
    return manifest


def waiting_jobs(*, town: Town) -> int:
    """Count what the worker still has to do for a town: an archive holds facts, not work."""
    ((number,),) = sql.rows(WAITING, [town.id])
    return int(number)


def _add(archive: ZipFile, table: str, town_id: int, left: dict[str, str], now: datetime) -> Table:
    """Add a table's rows, one JSON object a line, by id; without the town, which is another where they go."""
    columns = [name for name in columns_of(table) if name != "municipality_id"]
    names = ", ".join(f"{left[name]} as {name}" if name in left else connection.ops.quote_name(name) for name in columns)
    files = content.files_named_in().get(table, [])
    for name in files:
        names = names.replace(f'"{name}"', f"regexp_replace({name}, '^([a-z_]+)/[0-9]+/', '\\1/') as {name}")
    chosen = (
        f"copy (select row_to_json(line)::text from (select {names} from {table}"  # noqa: S608  # names of ours
        f" where municipality_id = %(town)s order by id) line) to stdout {content.COPY_LINES}"
    )
    rows = 0
    with (
        archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as member,
        connection.cursor() as cursor,
        cursor.copy(chosen, {"town": town_id, "now": now}) as out,
    ):
        for data in out:
            member.write(data)
            rows += bytes(data).count(b"\n")
    return Table(columns, rows)


def _without_town(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.name}"
